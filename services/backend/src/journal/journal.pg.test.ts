import { randomBytes, randomUUID } from 'node:crypto';
import type { DurableDone, DurableOutcome, Operation } from '@lifeverse/contracts';
import { migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { openHolder, openStall, setPrices } from './holders.ts';
import { Journal } from './journal.ts';
import { PostgresStore } from './postgres-store.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const store = new PostgresStore(url);
const journal = new Journal({ store, clock: new SystemClock() });
afterAll(async () => {
  await journal.close();
  await store.close();
});

async function character(gold = 0): Promise<string> {
  const id = randomUUID();
  await openHolder(database, id);
  if (gold > 0) expect(await ask(id, { kind: 'mint', money: { gold }, items: [] })).toMatchObject({ ok: true });
  return id;
}

const ask = (holder: string, operation: Operation, key: Uint8Array = randomBytes(16)): Promise<DurableOutcome> =>
  journal.submit({ holder, key, operation });

const gold = (amount: number) => ({ money: { gold: amount }, items: [] });

async function item(holder: string, kind = 'lantern'): Promise<number> {
  const outcome = await ask(holder, { kind: 'mint', money: {}, items: [kind] });
  return (outcome as DurableDone).items[0]?.id as number;
}

describe('the journal', () => {
  it('gives, once for each key, and says the same again', async () => {
    const [one, other] = [await character(100), await character()];
    const key = randomBytes(16);
    const give: Operation = { kind: 'give', to: other, gives: gold(30) };
    const [first, twin] = await Promise.all([ask(one, give, key), ask(one, give, key)]);
    expect(first).toMatchObject({ ok: true, balances: { gold: 70 } });
    expect([twin, await ask(one, give, key)]).toEqual([first, first]);
    expect(await ask(one, { ...give, gives: gold(31) }, key)).toEqual({ ok: false, code: 'key_reused' });
    expect(await ask(other, { kind: 'give', to: one, gives: gold(30) })).toMatchObject({
      ok: true,
      balances: { gold: 0 },
    });
  });

  it('decides each of a batch on its own, in order', async () => {
    const [one, other] = [await character(100), await character()];
    const give = (amount: number) => ask(one, { kind: 'give', to: other, gives: gold(amount) });
    const outcomes = await Promise.all([give(60), give(60), give(40), give(1)]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.balances.gold : outcome.code))).toEqual([
      40,
      'money_short',
      0,
      'money_short',
    ]);
  });

  it('trades when both accept the same offer', async () => {
    const [one, other] = [await character(100), await character()];
    const lantern = await item(other);
    const trade = randomUUID();
    const offer = (number: number, amount: number): Operation => ({
      kind: 'offer',
      trade,
      with: other,
      offer: number,
      gives: gold(amount),
      takes: { money: {}, items: [lantern] },
    });
    const accept = (who: string, number: number) => ask(who, { kind: 'accept', trade, offer: number });
    expect(await ask(one, offer(1, 10))).toMatchObject({ ok: true });
    expect(await accept(other, 1)).toMatchObject({ ok: true });
    expect(await ask(one, offer(2, 5))).toMatchObject({ ok: true });
    expect(await accept(one, 1)).toEqual({ ok: false, code: 'offer_changed' });
    expect(await accept(one, 2)).toMatchObject({ ok: true, items: [] });
    expect(await accept(await character(), 2)).toEqual({ ok: false, code: 'trade_unknown' });
    expect(await accept(other, 2)).toMatchObject({
      ok: true,
      balances: { gold: 5 },
      items: [{ id: lantern, gained: false }],
    });
    expect(await ask(one, { kind: 'cancel', trade })).toEqual({ ok: false, code: 'trade_closed' });
    expect(await ask(one, { kind: 'drop', item: lantern, xMm: 5, yMm: -5 })).toMatchObject({ ok: true });
  });

  it('buys and sells at a stall, drops and picks up', async () => {
    await openStall(database, 'bakery');
    await setPrices(database, 'bakery', [{ kind: 'bread', currency: 'gold', asks: 5, pays: 3 }]);
    const one = await character(10);
    const bread = await item(one, 'bread');
    const deal = (kind: 'buy' | 'sell', price: number) => ask(one, { kind, stall: 'bakery', item: bread, price });
    expect(await deal('sell', 3)).toEqual({ ok: false, code: 'partner_short' });
    expect(await deal('sell', 4)).toEqual({ ok: false, code: 'price_changed' });
    await database.query(`UPDATE items SET holder = (SELECT id FROM holders WHERE name = 'bakery') WHERE id = $1`, [
      bread,
    ]);
    expect(await deal('buy', 5)).toMatchObject({
      ok: true,
      balances: { gold: 5 },
      items: [{ id: bread, gained: true }],
    });
    expect(await deal('sell', 3)).toMatchObject({ ok: true, balances: { gold: 8 } });
    expect(await deal('sell', 3)).toEqual({ ok: false, code: 'item_not_yours' });
    expect(await ask(one, { kind: 'pick-up', item: bread })).toEqual({ ok: false, code: 'item_gone' });
  });

  it('refunds what was paid, once', async () => {
    const [one, other] = [await character(50), await character()];
    const paid = await ask(one, { kind: 'give', to: other, gives: gold(20) });
    const of = (paid as { operation: number }).operation;
    expect(await ask(one, { kind: 'refund', of })).toMatchObject({ ok: true, balances: { gold: 50 } });
    expect(await ask(one, { kind: 'refund', of })).toEqual({ ok: false, code: 'refund_done' });
    expect(await ask(other, { kind: 'refund', of })).toEqual({ ok: false, code: 'refund_none' });
  });

  it('sums to nothing', async () => {
    expect(await database.query('SELECT currency, sum(amount)::text FROM balances GROUP BY 1')).toEqual([
      { currency: 'gold', sum: '0' },
    ]);
  });
});
