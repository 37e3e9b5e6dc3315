import { Random } from '@lifeverse/base';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import type { Change } from './change.ts';
import type { Durable } from './checker.ts';
import { JournalCore } from './core.ts';
import { readDurable } from './durable-state.ts';
import { openHolder, openStall, setPrices } from './holders.ts';
import { MemoryTables } from './memory-tables.ts';
import { PostgresStore } from './postgres-store.ts';
import { RandomRequests } from './random-requests.ts';
import { type CheckedRequest, checkRequest } from './request.ts';
import type { Reading } from './store.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const store = new PostgresStore(url);
afterAll(() => store.close());

const people = [1, 2, 3, 4].map((number) => `0000000c-0000-4000-8000-00000000000${number}`);
const CORE = { queueMax: 100, batchMax: 6, knownMax: 1_000, recentMax: 4, busyRetryMs: 1 };
const price = { currency: 'gold', asks: 5, pays: 3 };

async function setUp(): Promise<MemoryTables> {
  const tables = new MemoryTables();
  for (const person of people) {
    await openHolder(database, person);
    tables.open(person, 'character');
  }
  await openStall(database, 'bakery');
  tables.open('bakery', 'stall');
  await setPrices(database, 'bakery', [{ kind: 'bread', ...price }]);
  tables.setPrice('bakery', 'bread', price);
  return tables;
}

/** In an order of no meaning, and with ids as both sides must have them. */
function comparable(durable: Durable) {
  const sorted = <Row>(rows: readonly Row[], of: (row: Row) => string): Row[] =>
    rows.toSorted((a, b) => (of(a) < of(b) ? -1 : 1));
  return {
    holders: sorted([...durable.holders], ([name]) => name).map(([name, { id }]) => [name, id]),
    operations: sorted(durable.operations, ({ id }) => String(id)).map(({ key, hash, ...row }) => ({
      ...row,
      key: Buffer.from(key).toString('hex'),
      hash: Buffer.from(hash).toString('hex'),
    })),
    entries: sorted(durable.entries, (row) => JSON.stringify([row.operation, row.from, row.currency])),
    moves: sorted(durable.moves, (row) => JSON.stringify([row.operation, row.item])),
    items: sorted(durable.items, ({ id }) => String(id)),
    balances: sorted(durable.balances, (row) => JSON.stringify([row.holder, row.currency])),
    trades: sorted(durable.trades, ({ id }) => id),
  };
}

const comparableReading = ({ firstOperationId: _, firstItemId: __, decided, ...rest }: Reading) => ({
  ...Object.fromEntries(
    Object.entries(rest).map(([name, rows]) => [
      name,
      [...new Set(rows.map((row: object) => JSON.stringify(sortedKeys(row))))].sort(),
    ]),
  ),
  decided: [...decided].map(([once, { hash, outcome }]) => [once, Buffer.from(hash).toString('hex'), outcome]).sort(),
});

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map(sortedKeys).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortedKeys(inner)]),
  );
}

function toDurable(tables: MemoryTables): Durable {
  return {
    ...tables,
    operations: [...tables.operations.values()],
    items: [...tables.items.values()],
    balances: [...tables.balances.values()],
    trades: [...tables.trades.values()],
  };
}

it('the tables in memory and the SQL read the same, write the same and find the same stale', async () => {
  const random = new Random(3);
  const tables = await setUp();
  const requests = new RandomRequests(random, people, [1, 2, 3, 4, 5, 6]);
  // Two writers, of which one often decides by what the other has changed since.
  const cores = [new JournalCore(CORE), new JournalCore(CORE)] as const;
  const waiting: { core: JournalCore; batch: ReturnType<JournalCore['nextBatch']> & object; change: Change }[] = [];
  const results = { done: 0, stale: 0, told: 0 };
  const write = async (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    const [inMemory, inSql] = [tables.write(next.change), await store.write(next.change)];
    expect(inSql).toBe(inMemory);
    results[inSql]++;
    next.core.finish(next.batch, inSql);
  };
  for (let round = 0; round < 400; round++) {
    const core = random.pick(cores);
    for (let count = random.below(6); count > 0; count--) {
      const request = checkRequest(requests.next());
      if (typeof request !== 'string') core.submit(request as CheckedRequest, () => results.told++);
    }
    const batch = core.nextBatch();
    if (batch !== null) {
      const reading = tables.read(batch.wants);
      const fromSql = await store.read(batch.wants);
      expect(comparableReading(fromSql)).toEqual(comparableReading(reading));
      const change = core.decide(batch, reading);
      if (change !== null) waiting.push({ core, batch, change });
    }
    if (random.chance(0.6)) await write();
  }
  while (waiting.length > 0) await write();
  expect(comparable(await readDurable(database))).toEqual(comparable(toDurable(tables)));
  // It all happened: written, found stale, answered.
  expect(results.done).toBeGreaterThan(50);
  expect(results.stale).toBeGreaterThan(20);
  expect(results.told).toBeGreaterThan(200);
});
