import type { SessionInfo } from '@lifeverse/contracts';
import { TicketDoor } from '@lifeverse/node-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Players } from './players.ts';
import { caller, freshAddress, type Ground, granted, PASSWORD, playersGround, registered } from './test-players.ts';

let ground: Ground;
let players: Players;

beforeAll(async () => {
  ground = await playersGround();
  players = await ground.players();
});

async function open(token: string): Promise<SessionInfo> {
  const info = await players.sessions.verify(token);
  if (typeof info === 'string') throw new Error(info);
  return info;
}

describe('a guest', () => {
  it('is a player with a character and a session at once', async () => {
    const guest = granted(await players.guest('  Ada   Lovelace ', caller()));
    expect(guest.name).toBe('Ada Lovelace');
    expect(await open(guest.session)).toMatchObject({ player: guest.player, name: 'Ada Lovelace', roles: [] });
    const characters = await ground.database.query('SELECT name FROM characters WHERE player = $1', [guest.player]);
    expect(characters).toEqual([{ name: 'Ada Lovelace' }]);
  });

  it('is offered a name when none is given, and refused one that is none', async () => {
    expect(granted(await players.guest(undefined, caller())).name).toMatch(/^\w+ \w+$/);
    expect(await players.guest('\u202eevil', caller())).toEqual({ refused: 'name_invalid' });
  });

  it('becomes an account and stays the same player; the token from before is void', async () => {
    const guest = granted(await players.guest('Bea', caller()));
    const email = freshAddress();
    const account = granted(
      await players.register(
        { email, password: PASSWORD },
        { info: await open(guest.session), name: undefined },
        caller(),
      ),
    );
    expect(account).toMatchObject({ player: guest.player, name: 'Bea' });
    expect(account.session).not.toBe(guest.session);
    expect(await players.sessions.verify(guest.session)).toBe('session_unknown');
    expect((await open(account.session)).player).toBe(guest.player);
    const back = granted(await players.logIn({ email, password: PASSWORD }, caller()));
    expect(back.player).toBe(guest.player);
  });

  it('is not made when registering fails', async () => {
    const email = freshAddress();
    await registered(players, email);
    const count = () => ground.database.query('SELECT count(*) FROM players');
    const before = await count();
    const again = { info: null, name: undefined };
    expect(await players.register({ email, password: PASSWORD }, again, caller())).toEqual({
      refused: 'identity_taken',
    });
    expect(await players.register({ email, password: 'short' }, again, caller())).toEqual({
      refused: 'password_unfit',
    });
    expect(await count()).toEqual(before);
  });
});

describe('an account', () => {
  it('is found by any way to write its address and password', async () => {
    const account = await registered(players, 'Jürgen.Groß@Exämple.org', 'Schöne Ferien 2026');
    const login = (email: string, password: string) => players.logIn({ email, password }, caller());
    const decomposed = 'Scho\u0308ne Ferien 2026';
    expect(granted(await login(' jürgen.groß@xn--exmple-cua.org', decomposed)).player).toBe(account.player);
    expect(await login('jürgen.groß@exämple.org', 'schöne Ferien 2026')).toEqual({ refused: 'login_wrong' });
  });

  it('has one password, which is changed by who knows it, and ends all other sessions', async () => {
    const email = freshAddress();
    const here = await registered(players, email);
    const there = granted(await players.logIn({ email, password: PASSWORD }, caller()));
    const newPassword = 'a staple of batteries';
    const info = await open(here.session);
    const change = (password: string) => players.changePassword({ password, newPassword }, info, caller());
    expect(await change('not this one')).toEqual({ refused: 'login_wrong' });
    const changed = granted(await change(PASSWORD));
    expect(await players.sessions.verify(there.session)).toBe('session_unknown');
    expect(await players.sessions.verify(here.session)).toBe('session_unknown');
    expect((await open(changed.session)).session).toBe(info.session);
    expect(await players.logIn({ email, password: PASSWORD }, caller())).toEqual({ refused: 'login_wrong' });
    expect(granted(await players.logIn({ email, password: newPassword }, caller())).player).toBe(here.player);
  });

  it('keeps passwords as PHC strings of argon2id, with the salt of the address', async () => {
    const email = freshAddress();
    await registered(players, email);
    const [row] = await ground.database.query<{ hash: string; salt: Uint8Array }>(
      `SELECT password_hash AS hash, salt FROM identities JOIN password_salts USING (subject) WHERE subject = $1`,
      [email],
    );
    const salt = Buffer.from(row?.salt ?? []).toString('base64url');
    expect(row?.hash.replaceAll('+', '-').replaceAll('/', '_')).toMatch(
      new RegExp(`^\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$${salt}\\$[\\w-]{43}$`),
    );
  });

  it('is hashed anew at a log-in after the parameters rose, and by no weaker server since', async () => {
    const email = freshAddress();
    const account = await registered(players, email);
    const stronger = await ground.players({ argon2: { memoryKiB: 128, passes: 2, lanes: 1 } });
    const kept = async () => {
      const rows = await ground.database.query<{ password_hash: string }>(
        'SELECT password_hash FROM identities WHERE subject = $1',
        [email],
      );
      return rows.map((row) => row.password_hash.split('$')[3]);
    };
    expect(await stronger.logIn({ email, password: 'another password' }, caller())).toEqual({ refused: 'login_wrong' });
    expect(await kept()).toEqual(['m=64,t=1,p=1']);
    for (const [server, parameters] of [
      [stronger, 'm=128,t=2,p=1'],
      [stronger, 'm=128,t=2,p=1'],
      [players, 'm=128,t=2,p=1'],
    ] as const) {
      expect(granted(await server.logIn({ email, password: PASSWORD }, caller())).player).toBe(account.player);
      expect(await kept()).toEqual([parameters]);
    }
  });
});

describe('a ticket', () => {
  it('lets the character in once, and voids the one before', async () => {
    const guest = granted(await players.guest('Cleo', caller()));
    const door = new TicketDoor(ground.ticketKey);
    const first = granted(await players.ticket(guest.session, null));
    const second = granted(await players.ticket(guest.session, 'Cleopatra'));
    expect(second).toMatchObject({ session: guest.session, name: 'Cleopatra', expiresInMs: 30_000 });
    expect(door.redeem(second.ticket, 0)).toMatchObject({ name: 'Cleopatra', incarnation: 3 });
    expect(door.redeem(second.ticket, 0)).toBe('ticket_used');
    expect(door.redeem(first.ticket, 0)).toBe('ticket_used');
    expect((await open(guest.session)).name).toBe('Cleopatra');
  });

  it('is not given to who is suspended, logged out, unknown or frozen', async () => {
    const guest = granted(await players.guest('Dot', caller()));
    const { database } = ground;
    const suspend = (until: string) =>
      database.query(`UPDATE players SET suspended_until = ${until} WHERE id = $1`, [guest.player]);
    await suspend(`now() + interval '1 hour'`);
    expect(await players.ticket(guest.session, 'Renamed')).toEqual({ refused: 'player_suspended' });
    await suspend(`now() - interval '1 hour'`);
    expect(granted(await players.ticket(guest.session, null)).name).toBe('Dot');
    await database.query(`UPDATE characters SET frozen_why = 'test', frozen_at = now() WHERE player = $1`, [
      guest.player,
    ]);
    expect(await players.ticket(guest.session, null)).toEqual({ refused: 'character_frozen' });
    await database.query(`UPDATE characters SET frozen_why = NULL, frozen_at = NULL WHERE player = $1`, [guest.player]);
    await players.sessions.end(guest.player, (await open(guest.session)).session);
    expect(await players.ticket(guest.session, null)).toEqual({ refused: 'session_unknown' });
    expect(await players.ticket('A'.repeat(43), null)).toEqual({ refused: 'session_unknown' });
    expect(await players.ticket('', null)).toEqual({ refused: 'session_unknown' });
  });
});

it('what is over is swept away, and what is not stays', async () => {
  const { database } = ground;
  const email = freshAddress();
  const account = await registered(players, email);
  const former = granted(await players.logIn({ email, password: PASSWORD }, caller()));
  const { session } = await open(former.session);
  await database.query(`UPDATE sessions SET expires_at = now() - interval '31 days' WHERE id = $1`, [session]);
  await database.query(`INSERT INTO password_parameters VALUES ('m=8,t=1,p=1')`);
  await database.query(`INSERT INTO attempts VALUES ('\\x00', 3, now() - interval '2 days', NULL)`);
  await players.sweep();
  expect(await database.query('SELECT FROM sessions WHERE id = $1', [session])).toEqual([]);
  expect(await database.query(`SELECT FROM password_parameters WHERE parameters = 'm=8,t=1,p=1'`)).toEqual([]);
  expect(await database.query(`SELECT FROM attempts WHERE subject_hash = '\\x00'`)).toEqual([]);
  expect((await open(account.session)).player).toBe(account.player);
  expect(granted(await players.logIn({ email, password: PASSWORD }, caller())).player).toBe(account.player);
});
