import { once } from 'node:events';
import { ManualClock } from '@lifeverse/base';
import type { SessionChange, SessionInfo } from '@lifeverse/contracts';
import { DatabaseUnreachable, openDatabase } from '@lifeverse/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Players } from './players.ts';
import { Sessions } from './sessions.ts';
import {
  caller,
  freshAddress,
  type Ground,
  granted,
  PASSWORD,
  playersGround,
  registered,
  wideLimits,
} from './test-players.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await playersGround();
});

async function open(players: Players, token: string): Promise<SessionInfo> {
  const info = await players.sessions.verify(token);
  if (typeof info === 'string') throw new Error(info);
  return info;
}

function nextChange(players: Players, wanted: (change: SessionChange) => boolean): Promise<SessionChange> {
  return new Promise((resolve) => {
    const stop = players.sessions.onChange((change) => {
      if (!wanted(change)) return;
      stop();
      resolve(change);
    });
  });
}

describe('a session', () => {
  it('is listed and ended by its player, and by no other', async () => {
    const players = await ground.players();
    const email = freshAddress();
    const web = await registered(players, email);
    const phone = granted(await players.logIn({ email, password: PASSWORD }, caller({ platform: 'phone' })));
    const stranger = await open(players, (await registered(players, freshAddress())).session);
    const info = await open(players, web.session);
    const list = await players.sessions.list(info);
    expect(list.map(({ platform, current }) => [platform, current]).sort()).toEqual([
      ['phone', false],
      ['web', true],
    ]);
    const other = list.find(({ current }) => !current)?.id ?? '';
    expect(await players.sessions.end(stranger.player, other)).toBe(false);
    expect(await players.sessions.end(info.player, other)).toBe(true);
    expect(await players.sessions.end(info.player, other)).toBe(false);
    expect(await players.sessions.verify(phone.session)).toBe('session_unknown');
    expect(await players.sessions.list(info)).toHaveLength(1);
  });

  it('is kept as a hash only', async () => {
    const players = await ground.players();
    const { session } = granted(await players.guest('Eve', caller()));
    const [row] = await ground.database.query<{ found: bigint }>(
      `SELECT count(*) AS found FROM sessions WHERE sessions::text LIKE '%' || $1 || '%'`,
      [session],
    );
    expect(row?.found).toBe(0n);
    expect(Buffer.from(session, 'base64url')).toHaveLength(32);
  });

  it('is one of twenty at most: one more ends the one unused for longest', async () => {
    const players = await ground.players();
    const email = freshAddress();
    const first = await registered(players, email);
    const tokens = [first.session];
    for (let i = 0; i < 20; i++) {
      await ground.database.query(`UPDATE sessions SET used_at = used_at - interval '1 hour' WHERE player = $1`, [
        first.player,
      ]);
      tokens.push(granted(await players.logIn({ email, password: PASSWORD }, caller())).session);
    }
    const fresh = await ground.players();
    const open = await Promise.all(
      tokens.map(async (token) => typeof (await fresh.sessions.verify(token)) !== 'string'),
    );
    expect(open).toEqual([false, ...new Array(20).fill(true)]);
  });

  it('goes on as long as it is used, but not for who has a role', async () => {
    const players = await ground.players();
    const { database } = ground;
    const { session, player } = granted(await players.guest('Fay', caller()));
    const left = async () => {
      const [row] = await database.query<{ days: number }>(
        `SELECT extract(epoch FROM expires_at - now())::float8 / 86400 AS days FROM sessions WHERE player = $1`,
        [player],
      );
      return Math.round(row?.days ?? 0);
    };
    const age = () =>
      database.query(`UPDATE sessions SET used_at = now() - interval '2 hours', expires_at = now() + interval '1 day'`);
    expect(await left()).toBe(400);
    await age();
    await (await ground.players()).sessions.verify(session);
    expect(await left()).toBe(400);
    await database.query(`UPDATE players SET roles = '{support}' WHERE id = $1`, [player]);
    await age();
    expect((await open(await ground.players(), session)).roles).toEqual(['support']);
    expect(await left()).toBe(1);
    await database.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE player = $1`, [player]);
    expect(await (await ground.players()).sessions.verify(session)).toBe('session_unknown');
  });
});

describe('the memory of sessions', () => {
  it('forgets at once what ended elsewhere, whoever ended it', async () => {
    const [here, there] = [await ground.players(), await ground.players()];
    const { session: token, player } = granted(await here.guest('Gil', caller()));
    const { session } = await open(there, token);
    const heard = nextChange(there, (change) => change.session === session);
    await here.sessions.end(player, session);
    expect(await heard).toEqual({ player, session });
    expect(await there.sessions.verify(token)).toBe('session_unknown');
  });

  it('forgets at once who was suspended, muted or renamed by a statement of anybody', async () => {
    const players = await ground.players();
    const { session: token, player } = granted(await players.guest('Hal', caller()));
    for (const [set, expected] of [
      [`name = 'Hals'`, { name: 'Hals' }],
      [`muted_until = '2999-01-01Z'`, { mutedUntilMs: Date.UTC(2999, 0) }],
      [`suspended_until = now() + interval '1 hour'`, 'player_suspended'],
    ] as const) {
      await players.sessions.verify(token);
      const heard = nextChange(players, (change) => change.player === player);
      await ground.database.query(`UPDATE players SET ${set} WHERE id = $1`, [player]);
      await heard;
      const answer = await players.sessions.verify(token);
      if (typeof expected === 'string') expect(answer).toBe(expected);
      else expect(answer).toMatchObject(expected);
    }
  });

  it('spares the database while nothing changes, for no longer than it says', async () => {
    const clock = new ManualClock();
    const players = await ground.players({ clock });
    const { session: token, player } = granted(await players.guest('Ivy', caller()));
    await open(players, token);
    // Kept from hearing: the change is made without the trigger that tells.
    const silently = (statement: string) =>
      ground.database.transaction(async (sql) => {
        await sql.query(`SET LOCAL session_replication_role = 'replica'`);
        await sql.query(statement, [player]);
      });
    await silently('UPDATE sessions SET revoked_at = now() WHERE player = $1');
    clock.advanceTo(wideLimits.sessions.cacheMs - 1);
    expect(await players.sessions.verify(token)).toMatchObject({ player });
    clock.advanceTo(wideLimits.sessions.cacheMs);
    expect(await players.sessions.verify(token)).toBe('session_unknown');
  });

  it('is not used while endings cannot be heard, and again afterwards', async () => {
    const players = await ground.players({ clock: new ManualClock() });
    const { session: token, player } = granted(await players.guest('Jo', caller()));
    const { session } = await open(players, token);
    await ground.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    const listening = async () => {
      const [row] = await ground.database.query<{ found: bigint }>(
        `SELECT count(*) AS found FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      return row?.found ?? 0n;
    };
    await expect.poll(listening, { timeout: 10_000 }).toBeGreaterThan(0n);
    await expect
      .poll(
        async () => {
          await open(players, token);
          const heard = nextChange(players, (change) => change.player === player);
          await ground.database.query(`UPDATE players SET muted_until = now() WHERE id = $1`, [player]);
          return Promise.race([heard.then(() => true), once(AbortSignal.timeout(1_000), 'abort').then(() => false)]);
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    await players.sessions.end(player, session);
    expect(await players.sessions.verify(token)).toBe('session_unknown');
  });
});

it('the memory of sessions is not used while nothing can be heard', async () => {
  const { database } = ground;
  let asked = 0;
  const players = await ground.players({
    clock: new ManualClock(),
    database: {
      ...database,
      connection: () => (asked++ === 0 ? database.connection() : Promise.reject(new DatabaseUnreachable('no more'))),
    },
  });
  const { session: token, player } = granted(await players.guest('Lou', caller()));
  await open(players, token);
  await database.transaction(async (sql) => {
    await sql.query(`SET LOCAL session_replication_role = 'replica'`);
    await sql.query('UPDATE sessions SET revoked_at = now() WHERE player = $1', [player]);
  });
  expect(await players.sessions.verify(token)).toMatchObject({ player });
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
  );
  await expect.poll(() => players.sessions.verify(token), { timeout: 10_000 }).toBe('session_unknown');
});

describe('a database that is away', () => {
  const away = openDatabase({ url: 'postgresql:///nothing?host=/nowhere&user=nobody' });
  afterAll(() => away.close());

  it('is no answer about a session', async () => {
    const players = await ground.players();
    const { session } = granted(await players.guest('Kay', caller()));
    const sessions = new Sessions({ database: away, clock: new ManualClock(), limits: wideLimits.sessions });
    await sessions.start();
    await expect(sessions.verify(session)).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
    sessions.close();
  });
});
