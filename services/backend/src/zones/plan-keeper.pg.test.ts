import { randomUUID } from 'node:crypto';
import {
  decodeZonePlan,
  encodeGatewayNotice,
  encodeOwnershipNotice,
  evenZones,
  type OwnedNotice,
  subjects,
  type ZonePlan,
  zonesIn,
} from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../migrations.ts';
import { planOf } from './changes.ts';
import { PlanKeeper } from './plan-keeper.ts';
import { makePlan, readPlans } from './plan-store.ts';

const { database } = await testDatabase();
await migrate(database, migrations);
const cells = { columns: 16, rows: 10 };
const LEASE_MS = 600_000;
const soon = { timeout: 10_000 };

beforeEach(async () => {
  await database.query('DELETE FROM zone_plans');
  await database.query('DELETE FROM zone_servers');
});

/** A backend that keeps the plan, and what it tells. */
function keeper(zones = 2, world = cells) {
  const bus = new LocalBus();
  const told: ZonePlan[] = [];
  bus.subscribe(subjects.plan, (bytes) => told.push(decodeZonePlan(bytes) as ZonePlan));
  const log = createLog({ role: 'test', level: 'silent' });
  const first = evenZones(zones, world.columns, world.rows);
  const running = new PlanKeeper({ database, bus, clock: new SystemClock(), log, first, cells: world });
  running.start();
  onTestFinished(async () => {
    await running.stop();
    bus.close();
  });
  const says = (server: string, ...zonesThere: OwnedNotice[]): void =>
    bus.publish(subjects.ownership, encodeOwnershipNotice({ server, reaches: true, zones: zonesThere }));
  const gateway = (name: string, leaves: boolean): void => {
    const notice = { address: `https://${name}.example`, name, leaves, region: '', players: 0 };
    bus.publish(subjects.gateways, encodeGatewayNotice(notice));
  };
  return { told, says, gateway };
}

async function serverStarts(name: string): Promise<void> {
  await database.query('SELECT grant_lease($1, $2, $3, $4, $5)', [name, randomUUID(), '0.1.0', LEASE_MS, 100]);
}

const placed = (plan: ZonePlan | undefined): string =>
  [...(plan?.servers ?? [])].map(([zone, server]) => `${zone} ${server}`).join(', ');
const latest = async (): Promise<ZonePlan> => (await readPlans(database, 1))[0]?.plan as ZonePlan;

describe('[WO62] the plan of the zones', () => {
  it('is made at the first start, and gives each server that comes a zone; all are told', async () => {
    const { told } = keeper();
    await expect.poll(() => told.at(-1)?.generation, soon).toBe(1);
    await serverStarts('alpha');
    await expect.poll(() => placed(told.at(-1)), soon).toBe('1 alpha');
    await serverStarts('beta');
    await expect.poll(() => placed(told.at(-1)), soon).toBe('1 alpha, 2 beta');
    await expect.poll(() => told.at(-1)?.standbys.size, soon).toBe(2);
    expect((await readPlans(database, 9)).map(({ why }) => why)).toEqual([
      'the second copy of zone 1 is on beta; the second copy of zone 2 is on alpha',
      'zone 2 begins on beta',
      'zone 1 begins on alpha',
      'the world is parted for the first time',
    ]);
  });

  it('[WO77] names the gateways that are heard, and not those that leave', { timeout: 30_000 }, async () => {
    const { told, gateway } = keeper();
    const saying = setInterval(() => {
      for (const name of ['a', 'b', 'c']) gateway(name, name === 'c');
    }, 100);
    onTestFinished(() => clearInterval(saying));
    const homes = () => [...(told.at(-1)?.homes ?? [])].map(([, addresses]) => addresses.join());
    await expect.poll(homes, { timeout: 20_000 }).toEqual(['https://a.example', 'https://b.example']);
  });

  it('is that of before at a later start, however many zones that asks for; the world may have grown', async () => {
    const before = keeper();
    await expect.poll(() => before.told.at(-1)?.generation, soon).toBe(1);
    const { told } = keeper(5, { columns: 20, rows: 10 });
    await expect.poll(() => told.at(-1)?.cells, soon).toEqual({ columns: 20, rows: 10 });
    expect(zonesIn((await latest()).arrangement.zones)).toEqual([1, 2]);
  });

  it('is of two that keep it at the same time one and the same', async () => {
    const [one, other] = [keeper(), keeper()];
    for (const name of ['alpha', 'beta']) await serverStarts(name);
    await expect.poll(() => placed(one.told.at(-1)), soon).toBe('1 alpha, 2 beta');
    await expect.poll(() => placed(other.told.at(-1)), soon).toBe('1 alpha, 2 beta');
    const plans = await readPlans(database, 99);
    expect(plans.map(({ plan }) => plan.generation)).toEqual(plans.map((_, i) => plans.length - i));
  });

  it('is made from the latest one, or not at all', async () => {
    const { told } = keeper();
    await serverStarts('alpha');
    await serverStarts('beta');
    await expect.poll(() => told.at(-1)?.standbys.size, soon).toBe(2);
    const plan = await latest();
    const split = planOf({ change: 'split', zone: 1, cut: null, server: null }, plan);
    const merged = planOf({ change: 'merge', into: 1, from: 2 }, plan);
    expect(await Promise.all([makePlan(database, split), makePlan(database, merged)])).toContain(false);
    const decision = (await readPlans(database, 1))[0];
    expect([split.why, merged.why]).toContain(decision?.why);
    expect(await makePlan(database, split)).toBe(false);
  });

  it('is over with a change once all its zones say so', { timeout: 30_000 }, async () => {
    const { told, says } = keeper();
    await serverStarts('alpha');
    await serverStarts('beta');
    await expect.poll(() => told.at(-1)?.standbys.size, soon).toBe(2);
    await makePlan(database, planOf({ change: 'merge', into: 1, from: 2 }, await latest()));
    const notice = { epoch: 1, settled: 2, busyPermille: 0, players: 0, middle: { x: 0, y: 0 } };
    const saying = setInterval(() => {
      says('alpha', { ...notice, zone: 1 });
      says('beta', { ...notice, zone: 2 });
    }, 200);
    onTestFinished(() => clearInterval(saying));
    await expect
      .poll(() => told.at(-1)?.arrangement.former, { timeout: 20_000 })
      .toEqual(evenZones(2, cells.columns, cells.rows));
    await expect.poll(() => told.at(-1)?.arrangement.former, { timeout: 20_000 }).toBeNull();
    expect([told.at(-1)?.arrangement.zones, placed(told.at(-1))]).toEqual([{ zone: 1 }, '1 alpha']);
  });
});
