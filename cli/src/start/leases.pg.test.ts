import { randomUUID } from 'node:crypto';
import { migrations } from '@lifeverse/backend';
import type { Clock } from '@lifeverse/base';
import { decodeBundle, subjects, UplinkWriter } from '@lifeverse/contracts';
import {
  ConfigurationError,
  createLog,
  decodeTelemetry,
  LocalBus,
  migrate,
  readOptions,
  SystemClock,
} from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { startZoneWithLease } from '@lifeverse/zone';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { startOptions } from './options.ts';
import { served, worldOptions } from './worlds.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const proxy = await TestProxy.start(url);
afterAll(() => proxy.stop());

const LEASE_MS = 1_200;
const options = readOptions(startOptions, ['--world', 'open', '--area-m2', '10000'], {});
const world = await served('open', worldOptions(options));
let zones = 0;

interface Place {
  readonly bus?: LocalBus;
  readonly zone?: number;
  readonly databaseUrl?: string;
  readonly ownBus?: boolean;
  readonly clock?: Clock;
}

/** A zone server within this process, on the real database. */
async function zoneServer(server: string, given: Place = {}) {
  const { bus = new LocalBus(), zone = ++zones, clock = new SystemClock(), ...place } = given;
  const lines: string[] = [];
  const lost = Promise.withResolvers<string>();
  const running = await startZoneWithLease({
    zone,
    seed: 1,
    served: world,
    worldOptions: {},
    bus,
    clock,
    log: createLog({ role: 'zone', level: 'info', stream: { write: (line) => lines.push(line) } }),
    lease: { databaseUrl: url, version: '0.1.0', leaseMs: LEASE_MS, ownBus: false, ...place, server },
    lost: lost.resolve,
  });
  onTestFinished(() => running.stop());
  return { running, bus, zone, lost: lost.promise, said: () => lines.join('') };
}

/** What a gateway hears of a zone: the epoch of each bundle, as it comes. */
function listen(bus: LocalBus, zone: number): { readonly epochs: number[] } {
  const name = `g-${Math.random().toString(36).slice(2)}`;
  const epochs: number[] = [];
  const uplink = new UplinkWriter(name, 1);
  const alive = setInterval(() => bus.publish(subjects.uplink(zone), uplink.take()), 200);
  const end = bus.subscribe(subjects.bundle(name), (bytes) => {
    const bundle = decodeBundle(bytes);
    if (bundle?.zone === zone) epochs.push(bundle.epoch);
  });
  onTestFinished(() => {
    clearInterval(alive);
    end();
  });
  return { epochs };
}

const leaseUntil = async (server: string): Promise<number> => {
  const [row] = await database.query<{ at: Date }>('SELECT lease_until AS at FROM zone_servers WHERE name = $1', [
    server,
  ]);
  return row?.at.getTime() ?? 0;
};
const epochIn = async (zone: number): Promise<number> => {
  const [row] = await database.query<{ epoch: bigint }>('SELECT epoch FROM zone_epochs WHERE zone = $1', [zone]);
  return Number(row?.epoch);
};
/** Until it has heard so many more. */
const more = (heard: { readonly epochs: number[] }, count: number): Promise<void> => {
  const from = heard.epochs.length;
  return expect.poll(() => heard.epochs.length - from, { timeout: 20_000 }).toBeGreaterThan(count);
};

describe('[WO48] a zone', () => {
  it('that a server has who is alive is refused to another, with its name and until when', async () => {
    const one = await zoneServer('one');
    const refused = zoneServer('two', { zone: one.zone });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      new RegExp(
        `^Zone ${one.zone} is held by the server "one" until 20[-\\d]+T[:.\\d]+Z, and it keeps renewing that:`,
      ),
    );
    expect(await leaseUntil('two')).toBe(0);
    const heard = listen(one.bus, one.zone);
    await more(heard, 3);
  });

  it('that was given back is had at once', async () => {
    const one = await zoneServer('gone');
    await one.running.stop();
    expect(await leaseUntil('gone')).toBe(0);
    const next = await zoneServer('next', { zone: one.zone });
    expect(next.said()).not.toContain('waiting');
  });

  it('is had at once by who is started under the name of its server, which hears so and lets go', async () => {
    const first = await zoneServer('twin');
    const before = await epochIn(first.zone);
    const second = await zoneServer('twin', { zone: first.zone });
    expect(second.said()).not.toContain('waiting');
    expect(await epochIn(first.zone)).toBeGreaterThan(before);
    expect(await first.lost).toContain('another server was started under the same name');
    await first.running.stop();
    await more(listen(second.bus, second.zone), 3);
  });
});

describe('[WO47] who has lost a zone', () => {
  it('tells its gateways nothing more, and says why', async () => {
    const one = await zoneServer('robbed');
    const heard = listen(one.bus, one.zone);
    await more(heard, 3);
    const robber = randomUUID();
    await database.query("SELECT grant_lease('robber', $1, '0.1.0', 60000, 0)", [robber]);
    await database.transaction(async (sql) => {
      await sql.query("UPDATE zone_servers SET lease_until = now() - interval '1 hour' WHERE name = 'robbed'");
      await sql.query("SELECT take_zone('robber', $1, $2)", [robber, one.zone]);
    });
    onTestFinished(async () => {
      await database.query("SELECT end_lease('robber', $1)", [robber]);
    });
    const sentence = await one.lost;
    expect(sentence).toBe(`Zone ${one.zone} is no longer this server's ("robbed"): another server has taken it.`);
    // What was said before that is delivered within the turn.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const { length } = heard.epochs;
    await more(listen((await zoneServer('elsewhere')).bus, zones), 10);
    expect(heard.epochs.length).toBe(length);
  });

  it('[WO45] hears so from the new owner itself, when it cannot hear it from the database', async () => {
    const bus = new LocalBus();
    const one = await zoneServer('cut off', { bus, databaseUrl: proxy.url });
    proxy.up = false;
    onTestFinished(() => {
      proxy.up = true;
    });
    const epoch = await epochIn(one.zone);
    const next = await zoneServer('reaching', { bus, zone: one.zone });
    expect(next.said()).toContain('waiting');
    expect(await one.lost).toContain(`by the later epoch ${await epochIn(one.zone)}`);
    expect(await epochIn(one.zone)).toBeGreaterThan(epoch);
    const heard = listen(bus, one.zone);
    await more(heard, 5);
    expect(new Set(heard.epochs)).toEqual(new Set([await epochIn(one.zone)]));
  });
});

it('[WO42] who stood still beyond its lease does not tick before it has asked, and goes on where nobody took the zone', async () => {
  const one = await zoneServer('stalled');
  const heard = listen(one.bus, one.zone);
  await more(heard, 3);
  let withheld = 0;
  const end = one.bus.subscribe(subjects.telemetry, (bytes) => {
    withheld = decodeTelemetry(bytes)?.counters.ticks_withheld ?? withheld;
  });
  onTestFinished(end);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.5 * LEASE_MS);
  await more(heard, 10);
  expect(new Set(heard.epochs)).toEqual(new Set([await epochIn(one.zone)]));
  await expect.poll(() => withheld, { timeout: 10_000 }).toBeGreaterThan(0);
});

it('[WO46] who cannot be sure of the time has lost its zone', async () => {
  const one = await zoneServer('sure');
  let uncertaintyMs = 20;
  const time = new SystemClock();
  const other = await zoneServer('unsure', {
    clock: { nowMs: () => time.nowMs(), uncertaintyMs: () => uncertaintyMs },
  });
  await more(listen(other.bus, other.zone), 3);
  uncertaintyMs = 21;
  expect(await other.lost).toBe(
    `Zone ${other.zone} is no longer this server's ("unsure"): the clock is uncertain by 21 ms.`,
  );
  await more(listen(one.bus, one.zone), 3);
});

describe('[WO44] while the database cannot be reached', () => {
  const cut = (): void => {
    proxy.up = false;
    onTestFinished(() => {
      proxy.up = true;
    });
  };
  const goneOn = async (heard: { readonly epochs: number[] }, ...servers: { said(): string }[]): Promise<void> => {
    await expect
      .poll(() => servers.every((it) => it.said().includes('goes on without it')), { timeout: 10_000 })
      .toBe(true);
    await more(heard, (3 * LEASE_MS * world.world.layout.tickHz) / 1_000);
  };

  it('a server with a bus of its own plays on, and owns again afterwards by the same epoch', async () => {
    const one = await zoneServer('alone', { databaseUrl: proxy.url, ownBus: true });
    const heard = listen(one.bus, one.zone);
    await more(heard, 3);
    cut();
    await goneOn(heard, one);
    proxy.up = true;
    await expect.poll(() => one.said(), { timeout: 10_000 }).toContain('the lease of the zone goes on');
    await more(heard, 3);
    expect(new Set(heard.epochs)).toEqual(new Set([await epochIn(one.zone)]));
  });

  it('two that hear one another say so play on', async () => {
    const bus = new LocalBus();
    const one = await zoneServer('pair 1', { bus, databaseUrl: proxy.url });
    const other = await zoneServer('pair 2', { bus, databaseUrl: proxy.url });
    // Since the other came.
    const since = await leaseUntil('pair 1');
    await expect.poll(() => leaseUntil('pair 1'), { timeout: 10_000 }).toBeGreaterThan(since);
    cut();
    await goneOn(listen(bus, one.zone), one, other);
    await more(listen(bus, other.zone), 10);
    proxy.up = true;
    await expect
      .poll(() => [one, other].every((it) => it.said().includes('the lease of the zone goes on')), { timeout: 10_000 })
      .toBe(true);
  });

  it('one that hears another reach it stands still, and goes on when the database answers', async () => {
    const bus = new LocalBus();
    const one = await zoneServer('far', { bus, databaseUrl: proxy.url });
    const other = await zoneServer('near', { bus });
    const [heard, heardOfOther] = [listen(bus, one.zone), listen(bus, other.zone)];
    await more(heard, 3);
    cut();
    await expect.poll(() => one.said(), { timeout: 10_000 }).toContain('the zone stands still');
    const { length } = heard.epochs;
    await more(heardOfOther, 20);
    expect(heard.epochs.length).toBe(length);
    proxy.up = true;
    await more(heard, 3);
    expect(new Set(heard.epochs)).toEqual(new Set([await epochIn(one.zone)]));
  });
});
