import { beforeAll, describe, expect, it } from 'vitest';
import { defaultAccountLimits } from './account-limits.ts';
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

const codeOf = (answer: object): string => ('refused' in answer ? String(answer.refused) : 'in');
const wrong = { password: 'wrong in any case' };

/** As if so much time had passed for all that was counted. */
async function pass(interval: string): Promise<void> {
  await ground.database.query(
    'UPDATE attempts SET last_at = last_at - $1::interval, locked_until = locked_until - $1::interval',
    [interval],
  );
}

describe('attempts at one account', () => {
  it('that fail are locked out for twice as long each time, up to a limit', async () => {
    const players = await ground.players();
    const email = freshAddress();
    for (let i = 0; i < 5; i++) expect(codeOf(await players.logIn({ email, ...wrong }, caller()))).toBe('login_wrong');
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      const answer = await players.logIn({ email, ...wrong }, caller());
      expect(answer).toMatchObject({ refused: 'login_locked' });
      const waitMs = 'retryAfterMs' in answer ? (answer.retryAfterMs ?? 0) : 0;
      waits.push(waitMs);
      await pass(`${waitMs} milliseconds`);
      expect(codeOf(await players.logIn({ email, ...wrong }, caller()))).toBe('login_wrong');
    }
    const expected = waits.map((_, i) => Math.min(1_000 * 2 ** i, 15 * 60_000));
    waits.forEach((wait, i) => {
      expect(wait).toBeLessThanOrEqual(expected[i] as number);
      expect(wait).toBeGreaterThan((expected[i] as number) / 2);
    });
  });

  it('made all at once are no more than those made in turn', async () => {
    const players = await ground.players({ limits: { ...wideLimits, hashing: { processes: 1, waiting: 64 } } });
    const email = freshAddress();
    const answers = await Promise.all(Array.from({ length: 40 }, () => players.logIn({ email, ...wrong }, caller())));
    expect(answers.map(codeOf).filter((code) => code === 'login_wrong')).toHaveLength(5);
    expect(answers.map(codeOf).filter((code) => code === 'login_locked')).toHaveLength(35);
  });

  it('are forgotten after a success, and after a day', async () => {
    const players = await ground.players();
    const email = freshAddress();
    await registered(players, email);
    const four = async () => {
      for (let i = 0; i < 4; i++)
        expect(codeOf(await players.logIn({ email, ...wrong }, caller()))).toBe('login_wrong');
    };
    await pass('25 hours');
    await four();
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, caller()))).toBe('in');
    await four();
    await pass('25 hours');
    await four();
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, caller()))).toBe('in');
  });

  it('lock nobody out of a session that is open, nor from a device that knows the account', async () => {
    const players = await ground.players();
    const email = freshAddress();
    const victim = await registered(players, email);
    const attacker = caller({ peer: '203.0.113.9' });
    for (let i = 0; i < 8; i++) await players.logIn({ email, ...wrong }, attacker);
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, caller()))).toBe('login_locked');
    expect(await players.sessions.verify(victim.session)).toMatchObject({ player: victim.player });
    expect(granted(await players.ticket(victim.session, null)).name).toBe(victim.name);
    const known = caller({ token: victim.session });
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, known))).toBe('in');
    const { session } = (await players.sessions.verify(victim.session)) as { session: string };
    await players.sessions.end(victim.player, session);
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, known))).toBe('in');
    const strange = await registered(players, freshAddress());
    const other = caller({ token: strange.session });
    expect(codeOf(await players.logIn({ email, password: PASSWORD }, other))).toBe('login_locked');
  });
});

describe('attempts of one peer', () => {
  const limits = { ...wideLimits, attempts: { ...defaultAccountLimits.attempts, ofPeer: 3 } };

  it('are counted at whatever account, within its /64, and not while an operator tries', async () => {
    const players = await ground.players({ limits });
    const from = (peer: string, unlimited = false) =>
      players.logIn({ email: freshAddress(), ...wrong }, caller({ peer, unlimited })).then(codeOf);
    for (const peer of ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3']) {
      expect(await from(peer)).toBe('login_wrong');
    }
    expect(await from('2001:db8::4')).toBe('login_locked');
    expect(await from('2001:db8::4', true)).toBe('login_wrong');
    expect(await from('2001:db8:0:1::4')).toBe('login_wrong');
  });

  it('that succeed are not counted', async () => {
    const players = await ground.players({ limits });
    const email = freshAddress();
    const peer = '192.0.2.44';
    granted(await players.register({ email, password: PASSWORD }, { info: null, name: undefined }, caller({ peer })));
    for (let i = 0; i < 6; i++) {
      expect(codeOf(await players.logIn({ email, password: PASSWORD }, caller({ peer })))).toBe('in');
    }
  });

  it('are slowed down before they cost anything', async () => {
    const slow = { burst: 2, perS: 0.001 };
    const players = await ground.players({ limits: { ...wideLimits, logIns: slow, newPlayers: slow } });
    const peer = caller({ peer: '192.0.2.45' });
    const logIn = () => players.logIn({ email: freshAddress(), ...wrong }, peer);
    const codes = [await logIn(), await logIn(), await logIn()].map(codeOf);
    expect(codes).toEqual(['login_wrong', 'login_wrong', 'rate_exceeded']);
    expect([...players.hashes.values()]).toEqual([2]);
    const guests = [await players.guest('A', peer), await players.guest('B', peer), await players.guest('C', peer)];
    expect(guests.map(codeOf)).toEqual(['in', 'in', 'rate_exceeded']);
    expect(codeOf(await players.guest('D', { ...peer, unlimited: true }))).toBe('in');
  });
});
