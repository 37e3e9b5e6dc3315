import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Journal, openHolder, PostgresStore } from '../journal/index.ts';
import { checkpointOf, Owner } from './desk-contract.ts';
import { PostgresDesk } from './postgres-desk.ts';
import { takeZone } from './take-zone.ts';
import { createCharacter, prepareCharacters, silent } from './test-characters.ts';

const { database, url } = await testDatabase();
beforeAll(() => prepareCharacters(database));

const LEASE_MS = 600;
const MARGIN_MS = 200;
let zones = 500;

interface Taking {
  readonly taken_epoch: bigint | null;
  readonly holder: string | null;
  readonly held_until: Date | null;
  readonly free_in_ms: number | null;
}

/** A zone server, as far as the database knows it. */
class Server {
  readonly name: string;
  readonly #id = randomUUID();

  constructor(name: string = randomUUID()) {
    this.name = name;
  }

  static async started(name?: string, leaseMs = LEASE_MS): Promise<Server> {
    const server = new Server(name);
    await server.grant(leaseMs);
    return server;
  }

  async grant(leaseMs = LEASE_MS): Promise<void> {
    const values = [this.name, this.#id, '0.1.0', leaseMs, MARGIN_MS];
    await database.query('SELECT grant_lease($1, $2, $3, $4, $5)', values);
  }

  async renew(): Promise<{ others: string[]; zones: { zone: number; epoch: number }[] } | null> {
    const [row] = await database.query<{ renewal: never }>('SELECT renew_lease($1, $2) AS renewal', [
      this.name,
      this.#id,
    ]);
    return row?.renewal ?? null;
  }

  async take(zone: number): Promise<Taking> {
    const [row] = await database.query<Taking>('SELECT * FROM take_zone($1, $2, $3)', [this.name, this.#id, zone]);
    return row as Taking;
  }

  /** Fails when it is another's. */
  async taken(zone: number): Promise<number> {
    const { taken_epoch, holder } = await this.take(zone);
    expect(holder).toBeNull();
    return Number(taken_epoch);
  }

  async end(): Promise<void> {
    await database.query('SELECT end_lease($1, $2)', [this.name, this.#id]);
  }
}

describe('a lease', () => {
  it('is granted, renewed with what the server owns, and known to others', async () => {
    const [one, other] = [await Server.started(), await Server.started()];
    const zone = ++zones;
    const epoch = await one.taken(zone);
    expect(await one.renew()).toEqual({ others: expect.arrayContaining([other.name]), zones: [{ zone, epoch }] });
    expect((await other.renew())?.zones).toEqual([]);
    await one.end();
    expect((await other.renew())?.others).not.toContain(one.name);
    expect(await one.renew()).toBeNull();
  });

  it("that ran out is renewed, and the zone is its owner's still, when nobody took it", async () => {
    const one = await Server.started(undefined, 1);
    const zone = ++zones;
    await expect.poll(() => one.take(zone).catch((error: { code: string }) => error.code)).toBe('LV002');
    await one.grant();
    const epoch = await one.taken(zone);
    await one.grant(1);
    expect((await one.renew())?.zones).toEqual([{ zone, epoch }]);
  });

  it('takes no lock that a batch of what must last would wait for', async () => {
    const one = await Server.started();
    const zone = ++zones;
    await one.taken(zone);
    const holding = openDatabase({ url, maxConnections: 1 });
    onTestFinished(() => holding.close());
    await holding.transaction(async (sql) => {
      await sql.query('SELECT FROM zone_epochs WHERE zone = $1 FOR SHARE', [zone]);
      expect(await one.renew()).not.toBeNull();
      await Server.started();
    });
  });
});

describe('[WO43] a zone', () => {
  it('is got by one of two servers that race for it, round after round', async () => {
    const servers = await Promise.all([Server.started(undefined, 60_000), Server.started(undefined, 60_000)]);
    for (let round = 0; round < 20; round++) {
      const zone = ++zones;
      const takings = await Promise.all(servers.map((server) => server.take(zone)));
      const won = takings.filter(({ taken_epoch }) => taken_epoch !== null);
      const refused = takings.filter(({ holder }) => holder !== null);
      expect([won.length, refused.length]).toEqual([1, 1]);
      const winner = servers[takings.indexOf(won[0] as Taking)] as Server;
      expect(refused[0]).toMatchObject({ holder: winner.name });
      expect(refused[0]?.free_in_ms).toBeGreaterThan(50_000);
    }
  });

  it('of a dead owner is taken after its lease and the margin, and not before', async () => {
    const [dead, next] = [await Server.started(), await Server.started(undefined, 60_000)];
    const zone = ++zones;
    const epoch = await dead.taken(zone);
    await dead.renew();
    const [{ free } = { free: new Date(0) }] = await database.query<{ free: Date }>(
      `SELECT lease_until + ${MARGIN_MS} * interval '1 ms' AS free FROM zone_servers WHERE name = $1`,
      [dead.name],
    );
    let refusals = 0;
    for (;;) {
      const before = await databaseTime();
      const taking = await next.take(zone);
      if (taking.taken_epoch !== null) {
        expect(Number(taking.taken_epoch)).toBeGreaterThan(epoch);
        break;
      }
      refusals++;
      expect(taking).toMatchObject({ holder: dead.name, held_until: free });
      expect(before.getTime()).toBeLessThanOrEqual(free.getTime());
      await sleep(Math.max(1, (taking.free_in_ms as number) / 2));
    }
    expect(refusals).toBeGreaterThan(1);
    expect((await databaseTime()).getTime()).toBeGreaterThanOrEqual(free.getTime());
    expect((await dead.renew())?.zones).toEqual([]);
    expect(await dead.take(zone)).toMatchObject({ holder: next.name });
  });

  it('of an owner who renews is never taken', async () => {
    const [alive, greedy] = [await Server.started(), await Server.started(undefined, 60_000)];
    const zone = ++zones;
    const epoch = await alive.taken(zone);
    const until = Date.now() + 3 * (LEASE_MS + MARGIN_MS);
    while (Date.now() < until) {
      const [renewal, taking] = await Promise.all([alive.renew(), greedy.take(zone)]);
      expect([renewal?.zones, taking.holder]).toEqual([[{ zone, epoch }], alive.name]);
      await sleep(LEASE_MS / 6);
    }
  });

  it('that was given back is free at once', async () => {
    const [one, next] = [await Server.started(), await Server.started()];
    const zone = ++zones;
    const epoch = await one.taken(zone);
    await one.end();
    expect(await next.taken(zone)).toBeGreaterThan(epoch);
  });

  it('[WO48] is taken at once by a server of the same name, and the earlier one is told', async () => {
    const first = await Server.started(undefined, 60_000);
    const zone = ++zones;
    const epoch = await first.taken(zone);
    const second = await Server.started(first.name, 60_000);
    expect(await first.renew()).toBeNull();
    await expect(first.take(zone)).rejects.toMatchObject({ code: 'LV002' });
    expect(await second.taken(zone)).toBeGreaterThan(epoch);
    await first.end();
    expect((await second.renew())?.zones).toHaveLength(1);
  });
});

describe('[WO45] an epoch', () => {
  it("is no other zone's, and above all that were", async () => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => Server.started(undefined, 60_000)));
    const rounds = Array.from({ length: 10 }, () => servers.map((server) => server.taken(++zones)));
    const epochs = await Promise.all(rounds.flat());
    expect(new Set(epochs).size).toBe(epochs.length);
    expect(await takeZone(database, zones)).toBeGreaterThan(Math.max(...epochs));
  });

  it('that is over is refused, in whatever it wants kept', async () => {
    const desk = new PostgresDesk({ database, log: silent });
    const store = new PostgresStore(url);
    const clock = { nowMs: () => performance.now() };
    const journal = new Journal({ store, clock, failed: (error) => expect.unreachable(String(error)) });
    onTestFinished(async () => {
      await journal.close();
      await store.close();
    });
    const [one, next] = [await Server.started(), await Server.started()];
    const zone = ++zones;
    const { character } = await createCharacter(database);
    await openHolder(database, character);
    const former = new Owner(desk, zone, await one.taken(zone));
    expect(await former.save(checkpointOf(character, 1))).toEqual(['saved']);
    const mint = (epoch: number) =>
      journal.submit({
        holder: character,
        key: new Uint8Array(randomBytes(16)),
        operation: { kind: 'mint', money: { coin: 1 }, items: [] },
        fence: { zone, epoch },
      });
    expect(await mint(former.epoch)).toMatchObject({ ok: true });
    await one.end();
    const owner = new Owner(desk, zone, await next.taken(zone));
    expect(await former.save(checkpointOf(character, 2))).toBe('zone_replaced');
    expect(await mint(former.epoch)).toMatchObject({ ok: false, code: 'zone_replaced' });
    expect(await owner.save(checkpointOf(character, 2))).toEqual(['saved']);
    expect(await mint(owner.epoch)).toMatchObject({ ok: true });
  });
});

async function databaseTime(): Promise<Date> {
  const [row] = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row?.now as Date;
}
