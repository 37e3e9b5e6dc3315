import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Belongings,
  type DealingsAnswer,
  type DealingsAsk,
  type DeskOutcome,
  decodeDealingsAnswer,
  type ExchangeSide,
  encodeDealings,
  type Operation,
  type StallPlan,
} from '@lifeverse/contracts';
import { migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, describe, expect, it } from 'vitest';
import { takeZone } from '../characters/take-zone.ts';
import { Journal, PostgresStore } from '../journal/index.ts';
import { migrations } from '../migrations.ts';
import { belongingsDesk } from './belongings-desk.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const store = new PostgresStore(url);
const journal = new Journal({ store, clock: new SystemClock() });
afterAll(async () => {
  await journal.close();
  await store.close();
});
const ZONE = 1;
const epoch = await takeZone(database, ZONE);
const desk = belongingsDesk({ database, journal });
const grants = [{ key: new TextEncoder().encode('starting-coins-1'), money: { coin: 40 }, items: ['bread'] }];

function raw(ask: DealingsAsk, inEpoch = epoch): Promise<DeskOutcome> {
  return desk({ zone: ZONE, epoch: inEpoch, number: 1, kind: 'durable', body: encodeDealings(ask) });
}

async function asked(ask: DealingsAsk): Promise<DealingsAnswer> {
  const outcome = await raw(ask);
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return decodeDealingsAnswer(outcome.body) as DealingsAnswer;
}

const load = async (holder: string): Promise<Belongings> =>
  (await asked({ ask: 'belongings', holder, grants })).belongings[0] as Belongings;

async function character(): Promise<{ id: string; bread: number }> {
  const id = randomUUID();
  const { items } = await load(id);
  return { id, bread: items[0]?.id as number };
}

const operate = (holder: string, operation: Operation, key: Uint8Array = randomBytes(16)) =>
  asked({ ask: 'operate', request: { holder, key, operation } });
const coins = (amount: number) => ({ money: { coin: amount }, items: [] });
const things = (...items: number[]) => ({ money: {}, items });
const side = (holder: string, gives: ExchangeSide['gives']): ExchangeSide => ({ holder, key: randomBytes(16), gives });

describe('what a character has', () => {
  it('begins with what everyone is given, once, however often it is asked for', async () => {
    const id = randomUUID();
    const first = await load(id);
    expect(first).toMatchObject({ holder: id, money: { coin: 40 }, items: [{ kind: 'bread' }] });
    const [again, twin] = await Promise.all([load(id), load(id)]);
    for (const one of [again, twin]) expect([one.money, one.items]).toEqual([first.money, first.items]);
    expect(again.asOf).toBeGreaterThanOrEqual(first.asOf);
  });

  it('is told of both with what was done, and counted later than before', async () => {
    const [one, other] = [await character(), await character()];
    const before = await load(one.id);
    const { outcome, belongings } = await operate(one.id, { kind: 'give', to: other.id, gives: coins(15) });
    expect(outcome).toMatchObject({ ok: true, balances: { coin: 25 } });
    const found = Object.fromEntries(belongings.map((all) => [all.holder, all.money.coin]));
    expect(found).toEqual({ [one.id]: 25, [other.id]: 55 });
    expect(belongings[0]?.asOf).toBeGreaterThan(before.asOf);
  });
});

describe('what became of an operation', () => {
  it('is found by its key: done, refused, or nothing known', async () => {
    const [one, other] = [await character(), await character()];
    const [given, refused] = [randomBytes(16), randomBytes(16)];
    const { outcome } = await operate(one.id, { kind: 'give', to: other.id, gives: coins(1) }, given);
    await operate(one.id, { kind: 'give', to: other.id, gives: coins(10_000) }, refused);
    const decided = async (holder: string, key: Uint8Array) => (await asked({ ask: 'decided', holder, key })).outcome;
    expect(await decided(one.id, given)).toMatchObject({ ok: true, operation: outcome?.ok ? outcome.operation : 0 });
    expect(await decided(one.id, refused)).toEqual({ ok: false, code: 'money_short' });
    expect(await decided(one.id, randomBytes(16))).toBeNull();
    // Of another one's key, nobody is told.
    expect(await decided(other.id, given)).toBeNull();
  });
});

describe('an exchange', () => {
  it('is done once with both, whoever asks for it again, and found by the keys of both', async () => {
    const [one, other] = [await character(), await character()];
    const exchange = {
      ask: 'exchange',
      one: side(one.id, things(one.bread)),
      other: side(other.id, coins(7)),
    } as const;
    const [first, twin] = await Promise.all([asked(exchange), asked(exchange)]);
    expect(first.outcome).toMatchObject({ ok: true });
    expect((await asked(exchange)).outcome).toEqual(first.outcome);
    expect(twin.outcome).toEqual(first.outcome);
    expect(await load(one.id)).toMatchObject({ money: { coin: 47 }, items: [] });
    expect((await load(other.id)).items.map(({ id }) => id).sort()).toEqual([one.bread, other.bread].sort());
    for (const { holder, key } of [exchange.one, exchange.other])
      expect((await asked({ ask: 'decided', holder, key })).outcome).toMatchObject({ ok: true });
  });

  it.each([
    ['the first side', 'one', { one: coins(41), other: coins(0) }, 'money_short'],
    ['the other side', 'other', { one: coins(0), other: coins(41) }, 'money_short'],
  ] as const)('of which %s lacks what it offered changes nothing', async (_what, refusedFor, gives, code) => {
    const [one, other] = [await character(), await character()];
    const stake = ({ money, items }: { money: { coin: number }; items: number[] }) =>
      money.coin === 0 ? { money: {}, items } : { money, items };
    const answer = await asked({
      ask: 'exchange',
      one: side(one.id, stake(gives.one)),
      other: side(other.id, stake(gives.other)),
    });
    expect(answer).toMatchObject({ outcome: { ok: false, code }, refusedFor });
    for (const { id } of [one, other]) expect((await load(id)).money).toEqual({ coin: 40 });
  });

  it('in which both give of the same currency moves the difference', async () => {
    const [one, other] = [await character(), await character()];
    const both = { one: side(one.id, coins(10)), other: side(other.id, { money: { coin: 4 }, items: [other.bread] }) };
    expect((await asked({ ask: 'exchange', ...both })).outcome).toMatchObject({ ok: true });
    expect([(await load(one.id)).money, (await load(other.id)).money]).toEqual([{ coin: 34 }, { coin: 46 }]);
  });

  it("of another's item changes nothing", async () => {
    const [one, other, third] = [await character(), await character(), await character()];
    const theft = side(one.id, things(third.bread));
    const answer = await asked({ ask: 'exchange', one: theft, other: side(other.id, coins(1)) });
    expect(answer).toMatchObject({ outcome: { ok: false, code: 'item_not_yours' }, refusedFor: 'one' });
    expect((await load(third.id)).items).toHaveLength(1);
    expect((await asked({ ask: 'decided', holder: one.id, key: theft.key })).outcome).toBeNull();
  });
});

describe('a market', () => {
  const baker: StallPlan = {
    name: `baker-${randomUUID()}`,
    currency: 'coin',
    till: 100,
    wares: [{ kind: 'bread', asks: 4, pays: 2, stock: 20 }],
  };

  it('is supplied with what it lacks, sells and buys, and what is dropped lies on the ground', async () => {
    const { stocks } = await asked({ ask: 'market', stalls: [baker] });
    expect(stocks?.[0]?.items).toHaveLength(20);
    const { id } = await character();
    const item = stocks?.[0]?.items[0]?.id as number;
    const deal = { stall: baker.name, item };
    expect((await operate(id, { kind: 'buy', ...deal, price: 3 })).outcome).toMatchObject({ code: 'price_changed' });
    expect((await operate(id, { kind: 'buy', ...deal, price: 4 })).outcome).toMatchObject({ balances: { coin: 36 } });
    expect((await operate(id, { kind: 'buy', ...deal, price: 4 })).outcome).toMatchObject({ code: 'item_gone' });
    expect((await asked({ ask: 'market', stalls: [baker] })).stocks?.[0]?.items).toHaveLength(20);
    await operate(id, { kind: 'drop', item, xMm: 1_500, yMm: 2_500 });
    const { ground } = await asked({ ask: 'market', stalls: [] });
    expect(ground).toContainEqual({ id: item, kind: 'bread', xMm: 1_500, yMm: 2_500 });
    expect((await operate(id, { kind: 'pick-up', item })).outcome).toMatchObject({ ok: true });
    expect((await operate(id, { kind: 'sell', ...deal, price: 2 })).outcome).toMatchObject({ balances: { coin: 38 } });
    const [sums] = await database.query<{ sum: bigint }>('SELECT sum(amount)::bigint AS sum FROM balances');
    expect(sums?.sum).toBe(0n);
  });
});

describe('bad input', () => {
  it('of a zone that was replaced is refused', async () => {
    const one = await character();
    const request = {
      holder: one.id,
      key: randomBytes(16),
      operation: { kind: 'drop', item: one.bread, xMm: 0, yMm: 0 },
    };
    const answer = await raw({ ask: 'operate', request } as DealingsAsk, epoch + 1);
    expect(answer.kind === 'done' && decodeDealingsAnswer(answer.body)?.outcome).toMatchObject({
      code: 'zone_replaced',
    });
  });

  it.each<[string, Operation]>([
    ['making money', { kind: 'mint', money: { coin: 5 }, items: [] }],
    ['supplying a stall', { kind: 'supply', stall: 'baker', money: { coin: 5 }, items: [] }],
    ['a refund', { kind: 'refund', of: 1 }],
    ['a negative amount', { kind: 'give', to: randomUUID(), gives: coins(-5) }],
    ['an amount beyond 2^53', { kind: 'give', to: randomUUID(), gives: coins(2 ** 53) }],
    ['a broken amount', { kind: 'give', to: randomUUID(), gives: coins(0.5) }],
    ['the same item twice', { kind: 'give', to: randomUUID(), gives: things(1, 1) }],
  ])('%s is refused, whichever zone asks for it', async (_what, operation) => {
    const { id } = await character();
    expect((await operate(id, operation)).outcome).toEqual({ ok: false, code: 'request_invalid' });
    expect((await load(id)).money).toEqual({ coin: 40 });
  });

  it.each(['', '{', 'null', '[]', '{"ask":1}', '{"ask":"operate","request":{"key":"zz"}}'])(
    '%j is no request',
    async (text) => {
      const body = new TextEncoder().encode(text);
      expect(await desk({ zone: ZONE, epoch, number: 1, kind: 'durable', body })).toEqual({
        kind: 'refused',
        code: 'request_invalid',
      });
    },
  );
});
