import type { Clock } from '@lifeverse/base';
import {
  LocalBus,
  migrate,
  openBusTime,
  openDatabaseTime,
  type ServerTime,
  type TimeStanding,
  tellTime,
} from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { migrations } from './migrations.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const proxy = await TestProxy.start(url);
afterAll(() => proxy.stop());
const { signal } = new AbortController();
const HOUR_MS = 3_600_000;

async function kept(time: Promise<ServerTime>): Promise<ServerTime> {
  const open = await time;
  onTestFinished(() => open.stop());
  return open;
}

/** How much later one is than the other, at the same moment. */
const apartMs = (one: Clock, other: Clock): number => {
  const before = one.nowMs();
  const between = other.nowMs();
  return (before + one.nowMs()) / 2 - between;
};

it('servers have the same time: by the database, and by a backend that tells it', async () => {
  const bus = new LocalBus();
  const [zone, backend] = await Promise.all([
    kept(openDatabaseTime(url, { signal })),
    kept(openDatabaseTime(url, { signal })),
  ]);
  onTestFinished(tellTime(bus, backend));
  const gateway = await kept(openBusTime(bus, 'gateway-1', { signal }));
  for (const [one, other] of [
    [zone, backend],
    [zone, gateway],
  ] as const)
    expect(Math.abs(apartMs(one, other))).toBeLessThan(one.uncertaintyMs() + other.uncertaintyMs() + 1);
  const [row] = await database.query<{ ms: number }>('SELECT world_time_ms() AS ms');
  expect(zone.nowMs()).toBeGreaterThanOrEqual((row?.ms ?? Number.NaN) - zone.uncertaintyMs());
  let last = 0;
  for (let i = 0; i < 10_000; i++) {
    const now = gateway.nowMs();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

it('it goes on while nobody tells it, and grows uncertain', async () => {
  const time = await kept(openDatabaseTime(proxy.url, { signal }));
  proxy.up = false;
  onTestFinished(() => {
    proxy.up = true;
  });
  const [fromMs, uncertainMs] = [time.nowMs(), time.uncertaintyMs()];
  await expect.poll(() => time.nowMs() - fromMs, { timeout: 10_000 }).toBeGreaterThan(1_500);
  expect(time.uncertaintyMs()).toBeGreaterThan(uncertainMs);
});

it('whoever cannot learn it waits, until that is ended', async () => {
  const ending = new AbortController();
  const time = openBusTime(new LocalBus(), 'gateway-1', { signal: ending.signal });
  ending.abort();
  await expect(time).rejects.toThrow('abort');
});

it('when the clock of the database is set, the time goes on, and whoever follows it is told', async () => {
  const standings: TimeStanding[] = [];
  const time = await kept(
    openDatabaseTime(url, { signal, everyMs: 20, asked: (standing) => standings.push(standing) }),
  );
  const [fromMs, fromOwnMs] = [time.nowMs(), performance.now()];
  // To who follows it, the same as an hour that the clock leaps over.
  await database.query("UPDATE world_time SET origin = origin - interval '1 hour'");
  onTestFinished(async () => {
    await database.query("UPDATE world_time SET origin = origin + interval '1 hour'");
  });
  await expect.poll(() => standings.at(-1)?.steppedMs, { timeout: 10_000 }).toBeGreaterThan(HOUR_MS - 1_000);
  expect(Math.abs(time.nowMs() - fromMs - (performance.now() - fromOwnMs))).toBeLessThan(50);
  expect(time.uncertaintyMs()).toBeGreaterThan(HOUR_MS - 1_000);
  const anew = await kept(openDatabaseTime(url, { signal, withinMs: 1_000 }));
  expect(anew.nowMs() - time.nowMs()).toBeGreaterThan(HOUR_MS - 1_000);
});

it('a clock from before the world began tells no time', async () => {
  await database.query("UPDATE world_time SET origin = origin + interval '1 year'");
  const ending = new AbortController();
  const told: TimeStanding[] = [];
  const time = openDatabaseTime(url, {
    signal: ending.signal,
    asked: (standing) => {
      told.push(standing);
      ending.abort();
    },
  });
  await expect(time).rejects.toThrow('abort');
  await database.query("UPDATE world_time SET origin = origin - interval '1 year'");
  expect(told[0]).toMatchObject({ uncertaintyMs: Number.POSITIVE_INFINITY, steppedMs: 0 });
  expect(told[0]?.why).toMatch(/^its clock says -\d+/);
});
