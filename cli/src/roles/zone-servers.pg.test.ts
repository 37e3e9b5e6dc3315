import { migrations } from '@lifeverse/backend';
import { decodeOwnershipNotice, encodeZonePlan, subjects } from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { startZoneServer } from '@lifeverse/zone';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { served } from '../start/worlds.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const proxy = await TestProxy.start(url);
afterAll(() => proxy.stop());

const LEASE_MS = 1_200;
const world = await served('open', { areaM2: 10_000 });
let generation = 0;

interface Place {
  readonly databaseUrl?: string;
  readonly world?: typeof world;
}

/** A zone server within this process, on the real database, and on a bus of its own. */
async function zoneServer(server: string, { databaseUrl = url, world: ofIt = world }: Place = {}) {
  const bus = new LocalBus();
  const lines: string[] = [];
  const lost: string[] = [];
  /** What it said it owns, each time. */
  const owned: number[][] = [];
  bus.subscribe(subjects.ownership, (bytes) => {
    const zones = decodeOwnershipNotice(bytes)?.zones ?? [];
    owned.push(zones.map(({ zone }) => zone).toSorted());
  });
  const running = await startZoneServer({
    ...{ seed: 1, served: ofIt, worldOptions: {}, bus, clock: new SystemClock() },
    log: createLog({ role: 'zone', level: 'info', stream: { write: (line) => lines.push(line) } }),
    lease: { databaseUrl, server, version: '0.1.0', ownBus: false, leaseMs: LEASE_MS },
    lost: (sentence) => lost.push(sentence),
  });
  onTestFinished(() => running.stop());
  return { running, bus, lost, owned, said: (words: string) => lines.filter((line) => line.includes(words)) };
}

/** Says that these zones are that server's. */
function plan(bus: LocalBus, server: string, zones: readonly number[]): void {
  const tree = { axis: 'x', at: 2, low: { zone: 1 }, high: { zone: 2 } } as const;
  const bytes = encodeZonePlan({
    generation: ++generation,
    arrangement: { generation: 1, zones: tree, former: null, nextZone: 3 },
    servers: new Map(zones.map((zone) => [zone, server])),
    standbys: new Map(),
    homes: new Map(),
    cells: { columns: 4, rows: 4 },
    zonesMin: 1,
    pinned: [],
  });
  bus.publish(subjects.plan, bytes);
}

it("a zone that cannot be begun is nobody's, keeps no other from being begun, and is tried again", async () => {
  let begun = 0;
  const populate = (): void => {
    if (++begun === 1) throw new Error('no ground to stand on');
  };
  const one = await zoneServer('one', { world: { ...world, rules: { ...world.rules, populate } } });
  plan(one.bus, 'one', [1, 2]);
  await expect.poll(() => one.owned.at(-1)).toEqual([2]);
  expect(await database.query('SELECT zone FROM zone_owners')).toEqual([{ zone: 2n }]);
  expect(one.said('no ground to stand on').map((line) => JSON.parse(line).zone)).toEqual([1]);
  plan(one.bus, 'one', [1, 2]);
  await expect.poll(() => one.owned.at(-1)).toEqual([1, 2]);
});

it.each([
  [[], 'This server ("twin") may own no zones any more: another server was started under the same name.'],
  [[1, 2], 'Zone 1 is no longer this server\'s ("twin"): another server was started under the same name.'],
])('[WO48] a server whose name is taken by another says so once, also with zones %j', async (zones, sentence) => {
  const first = await zoneServer('twin');
  plan(first.bus, 'twin', zones);
  await expect.poll(() => first.owned.at(-1)).toEqual(zones);
  await zoneServer('twin');
  await expect.poll(() => first.lost).toEqual([sentence]);
  // It asks on, and hears it again.
  const asked = first.owned.length;
  await expect.poll(() => first.owned.length).toBeGreaterThan(asked + 2);
  expect(first.lost).toEqual([sentence]);
});

it('a server that is drained while the database cannot be reached keeps its zones until it has an answer', async () => {
  const one = await zoneServer('drained', { databaseUrl: proxy.url });
  onTestFinished(() => {
    proxy.up = true;
  });
  plan(one.bus, 'drained', [1]);
  await expect.poll(() => one.owned.at(-1)).toEqual([1]);
  proxy.up = false;
  let isOver = false;
  const drained = one.running.drain(new AbortController().signal).then(() => {
    isOver = true;
  });
  const warned = 'nobody could be told yet';
  await expect.poll(() => one.said(warned)).toHaveLength(1);
  // And asked again since.
  const asked = one.owned.length;
  await expect.poll(() => one.owned.length).toBeGreaterThan(asked + 2);
  expect(isOver).toBe(false);
  proxy.up = true;
  // There is no other server.
  await drained;
  expect(one.said(warned)).toHaveLength(1);
});
