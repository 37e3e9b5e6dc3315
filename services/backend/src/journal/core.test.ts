import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory, type Told } from './checker.ts';
import { JournalCore } from './core.ts';
import { MemoryTables } from './memory-tables.ts';
import { RandomRequests } from './random-requests.ts';
import { checkRequest } from './request.ts';

const people = [1, 2, 3, 4].map((number) => `0000000c-0000-4000-8000-00000000000${number}`);
const OPTIONS = { queueMax: 64, batchMax: 5, knownMax: 1_000, recentMax: 4, busyRetryMs: 250 };
const [one, other] = people as [string, string];

function town(): MemoryTables {
  const tables = new MemoryTables();
  for (const person of people) tables.open(person, 'character');
  tables.open('bakery', 'stall');
  tables.setPrice('bakery', 'bread', { currency: 'gold', asks: 5, pays: 3 });
  return tables;
}

function durable(tables: MemoryTables) {
  return {
    ...tables,
    operations: [...tables.operations.values()],
    items: [...tables.items.values()],
    balances: [...tables.balances.values()],
    trades: [...tables.trades.values()],
  };
}

/** Reads, decides and writes all that waits. */
function carryOut(core: JournalCore, tables: MemoryTables): void {
  for (let batch = core.nextBatch(); batch !== null; batch = core.nextBatch()) {
    const change = core.decide(batch, tables.read(batch.wants));
    if (change !== null) core.finish(batch, tables.write(change));
  }
}

class Desk {
  readonly tables = town();
  readonly core: JournalCore;
  readonly told: Told[] = [];
  #keys = 0;

  constructor(options = OPTIONS) {
    this.core = new JournalCore(options);
  }

  ask(holder: string, operation: unknown, key = this.key()): () => unknown {
    const request = checkRequest({ holder, key, operation });
    if (typeof request === 'string') return () => request;
    let said: unknown = 'nothing yet';
    this.core.submit(request, (outcome) => {
      this.told.push({ request, outcome });
      said = outcome.ok ? 'done' : outcome.code;
    });
    return () => said;
  }

  key(): Uint8Array {
    return Buffer.alloc(16, ++this.#keys);
  }
}

const give = (amount: number, to = other) => ({ kind: 'give', to, gives: { money: { gold: amount }, items: [] } });
const mint = (amount: number) => ({ kind: 'mint', money: { gold: amount }, items: [] });

describe('a batch', () => {
  it('is decided one by one: whatever is asked, money, items and keys stay right', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.array(fc.nat(6), { minLength: 1, maxLength: 30 }), (seed, sizes) => {
        const desk = new Desk();
        const requests = new RandomRequests(new Random(seed), people, [1, 2, 3, 4, 5]);
        for (const size of sizes) {
          for (let count = 0; count < size; count++) {
            const { holder, operation, key } = requests.next();
            desk.ask(holder, operation, key);
          }
          carryOut(desk.core, desk.tables);
        }
        expect(checkHistory(desk.told, durable(desk.tables))).toEqual([]);
        expect(desk.core.waiting).toBe(0);
      }),
    );
  });

  it('comes to the same, however the requests are cut into batches', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 40 }), (seed, batchMax) => {
        const outcomes = [1, batchMax].map((max) => {
          const desk = new Desk({ ...OPTIONS, batchMax: max });
          const requests = new RandomRequests(new Random(seed), people, [1, 2, 3]);
          for (let count = 0; count < 40; count++) {
            const { holder, operation, key } = requests.next();
            // Twins would wait for one another rather than be asked again; numbers of operations may differ.
            const isTwin = desk.told.some(({ request }) => Buffer.compare(request.key, key) === 0);
            if (!isTwin && operation.kind !== 'refund') desk.ask(holder, operation, key);
          }
          carryOut(desk.core, desk.tables);
          const { entries, moves, items, balances } = durable(desk.tables);
          const amounts = balances.map(({ holder, currency, amount }) => `${holder} ${currency} ${amount}`).sort();
          const passed = entries.map(({ from, to, amount }) => `${from} ${to} ${amount}`);
          return { amounts, passed, moves: moves.map(({ item, from, to }) => `${item} ${from} ${to}`), items };
        });
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
    );
  });

  it('tells nobody before it is written', () => {
    const desk = new Desk();
    const said = desk.ask(one, mint(5));
    const batch = desk.core.nextBatch();
    const change = batch && desk.core.decide(batch, desk.tables.read(batch.wants));
    expect(said()).toBe('nothing yet');
    if (batch && change) desk.core.finish(batch, desk.tables.write(change));
    expect(said()).toBe('done');
  });
});

describe('a request', () => {
  it('is decided again when others were there first', () => {
    const desk = new Desk();
    desk.ask(one, mint(10));
    carryOut(desk.core, desk.tables);
    const second = new JournalCore(OPTIONS);
    const request = checkRequest({ holder: one, key: desk.key(), operation: give(10) });
    if (typeof request !== 'string') second.submit(request, () => undefined);
    const mine = desk.ask(one, give(10));
    const batch = desk.core.nextBatch();
    const change = batch && desk.core.decide(batch, desk.tables.read(batch.wants));
    carryOut(second, desk.tables);
    if (batch && change) desk.core.finish(batch, desk.tables.write(change));
    expect(mine()).toBe('nothing yet');
    carryOut(desk.core, desk.tables);
    expect(mine()).toBe('money_short');
    expect(checkHistory(desk.told.slice(0, 1), durable(desk.tables))).toEqual([]);
  });

  it('built on one that others were ahead of fails with it, though as often changed', () => {
    const desk = new Desk();
    desk.ask(one, mint(10));
    carryOut(desk.core, desk.tables);
    const send = (operation: unknown) => {
      desk.ask(one, operation);
      const batch = desk.core.nextBatch();
      return { batch, change: batch && desk.core.decide(batch, desk.tables.read(batch.wants)) };
    };
    const sent = [send(give(1)), send(give(2))];
    const second = new JournalCore(OPTIONS);
    const request = checkRequest({ holder: one, key: desk.key(), operation: give(3) });
    if (typeof request !== 'string') second.submit(request, () => undefined);
    carryOut(second, desk.tables);
    const written = sent.map(({ change }) => change && desk.tables.write(change));
    expect(written).toEqual(['stale', 'stale']);
  });

  it('of an unknown outcome is looked up before anyone is told', () => {
    const desk = new Desk();
    const said = desk.ask(one, mint(10));
    const batch = desk.core.nextBatch();
    const change = batch && desk.core.decide(batch, desk.tables.read(batch.wants));
    if (batch && change) {
      desk.tables.write(change);
      desk.core.finish(batch, 'unknown');
    }
    desk.core.refuseUnsent({ ok: false, code: 'journal_unreachable', retryAfterMs: 1 });
    expect(said()).toBe('nothing yet');
    carryOut(desk.core, desk.tables);
    expect(said()).toBe('done');
    expect(desk.tables.balances.get('4 gold')?.amount).toBe(10);
  });

  it('with the key of another waits for what becomes of that', () => {
    const desk = new Desk();
    const key = desk.key();
    desk.ask(one, mint(10), key);
    carryOut(desk.core, desk.tables);
    const [wrong, same] = [desk.ask(one, mint(11), key), desk.ask(one, mint(10), key)];
    carryOut(desk.core, desk.tables);
    expect([wrong(), same()]).toEqual(['key_reused', 'done']);
  });

  it('is refused with a time to retry when too many wait', () => {
    const desk = new Desk({ ...OPTIONS, queueMax: 2 });
    const said = [1, 2, 3].map(() => desk.ask(one, mint(1)));
    expect(said.map((each) => each())).toEqual(['nothing yet', 'nothing yet', 'journal_busy']);
    expect(desk.told[0]?.outcome).toEqual({ ok: false, code: 'journal_busy', retryAfterMs: 250 });
    const key = desk.key();
    const twins = Array.from({ length: 40 }, () => new Desk().ask(one, mint(1), key));
    expect(twins.filter((each) => each() === 'journal_busy')).toEqual([]);
  });

  it('of a zone that another server took over leaves its key free', () => {
    const desk = new Desk();
    desk.tables.epochs.set(7, 2);
    const key = desk.key();
    const ask = (epoch: number) => {
      const request = checkRequest({ holder: one, key, operation: mint(3), fence: { zone: 7, epoch } });
      let said: unknown;
      if (typeof request !== 'string') desk.core.submit(request, (outcome) => (said = outcome.ok || outcome.code));
      carryOut(desk.core, desk.tables);
      return said;
    };
    expect([ask(1), ask(3), ask(2), ask(2)]).toEqual(['zone_replaced', 'zone_replaced', true, true]);
    expect(desk.tables.balances.get('4 gold')?.amount).toBe(3);
  });
});

describe('amounts', () => {
  it('stay within what a number holds exactly', () => {
    const desk = new Desk();
    const most = Number.MAX_SAFE_INTEGER;
    const said = [desk.ask(one, mint(most)), desk.ask(one, mint(1)), desk.ask(one, give(most)), desk.ask(one, mint(1))];
    carryOut(desk.core, desk.tables);
    // The mint owes no more than that either.
    expect(said.map((each) => each())).toEqual(['done', 'money_short', 'done', 'money_short']);
    expect(checkHistory(desk.told, durable(desk.tables))).toEqual([]);
  });
});
