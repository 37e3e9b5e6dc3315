import { beforeAll, describe, expect, it } from 'vitest';
import type { Players } from './players.ts';
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

/** What an answer cost: hashes by parameters, and statements by their text. */
async function costOf<T>(players: Players, work: () => Promise<T>): Promise<{ answer: T; hashes: object }> {
  const before = new Map(players.hashes);
  const answer = await work();
  const hashes = [...players.hashes].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return { answer, hashes: Object.fromEntries(hashes.filter(([, count]) => count > 0)) };
}

describe('which accounts exist', () => {
  it('is told neither by the answer nor by the work of a log-in', async () => {
    const players = await ground.players();
    const email = freshAddress();
    await registered(players, email);
    const logIn = (address: string) =>
      costOf(players, () => players.logIn({ email: address, password: 'wrong in any case' }, caller()));
    const known = await logIn(email);
    expect(known).toEqual({ answer: { refused: 'login_wrong' }, hashes: { 'm=64,t=1,p=1': 1 } });
    expect(await logIn(freshAddress())).toEqual(known);
  });

  it('is not told either while passwords of former parameters are about', async () => {
    const former = await ground.players();
    const [old, young] = [freshAddress(), freshAddress()];
    await registered(former, old);
    const players = await ground.players({ argon2: { memoryKiB: 96, passes: 1, lanes: 1 } });
    await registered(players, young);
    const costs = await Promise.all([
      ...[old, young, freshAddress()].map(async (email) => {
        const alone = await ground.players({ argon2: { memoryKiB: 96, passes: 1, lanes: 1 } });
        return costOf(alone, () => alone.logIn({ email, password: 'wrong in any case' }, caller()));
      }),
    ]);
    for (const cost of costs) {
      expect(cost).toEqual({
        answer: { refused: 'login_wrong' },
        hashes: { 'm=96,t=1,p=1': 1, 'm=64,t=1,p=1': 1 },
      });
    }
  });

  it('is not told by registering: the same answer, the same work, and a log-in that works', async () => {
    const players = await ground.players();
    const [taken, free] = [freshAddress(), freshAddress()];
    const first = await registered(players, taken, 'the first password');
    const register = (email: string) => costOf(players, () => registered(players, email, 'the second password'));
    const [again, fresh] = [await register(taken), await register(free)];
    expect(again.hashes).toEqual(fresh.hashes);
    expect(Object.keys(again.answer)).toEqual(Object.keys(fresh.answer));
    expect(again.answer.player).not.toBe(first.player);
    const logIn = async (email: string, password: string) =>
      granted(await players.logIn({ email, password }, caller())).player;
    expect(await logIn(taken, 'the second password')).toBe(again.answer.player);
    expect(await logIn(free, 'the second password')).toBe(fresh.answer.player);
    expect(await logIn(taken, 'the first password')).toBe(first.player);
  });

  it('is told to who knows address and password, and such guesses are counted as log-ins are', async () => {
    const players = await ground.players();
    const email = freshAddress();
    await registered(players, email);
    const answers = [];
    for (let i = 0; i < 5; i++) {
      const who = { info: null, name: undefined };
      answers.push(await players.register({ email, password: PASSWORD }, who, caller()));
    }
    expect(answers.slice(0, 4)).toEqual(new Array(4).fill({ refused: 'identity_taken' }));
    expect(answers[4]).toMatchObject({ refused: 'login_locked' });
  });

  it('is not told by being locked out', async () => {
    const players = await ground.players();
    const known = freshAddress();
    await registered(players, known);
    await ground.database.query('DELETE FROM attempts');
    const answersFor = async (email: string) => {
      const codes: string[] = [];
      for (let i = 0; i < 7; i++) {
        const answer = await players.logIn({ email, password: 'wrong in any case' }, caller());
        codes.push('refused' in answer ? answer.refused : 'in');
      }
      return codes;
    };
    const codes = await answersFor(known);
    expect(codes).toEqual([...new Array(5).fill('login_wrong'), 'login_locked', 'login_locked']);
    expect(await answersFor(freshAddress())).toEqual(codes);
  });
});

describe('hashing', () => {
  it('refuses with a time when too many wait, and answers the others', async () => {
    const players = await ground.players({
      argon2: { memoryKiB: 19_456, passes: 2, lanes: 1 },
      limits: { ...wideLimits, hashing: { processes: 1, waiting: 2 } },
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        players.logIn({ email: freshAddress(), password: 'wrong in any case' }, caller()),
      ),
    );
    const codes = answers.map((answer) => ('refused' in answer ? answer.refused : 'in'));
    expect(codes.filter((code) => code === 'login_wrong').length).toBeGreaterThanOrEqual(3);
    const busy = answers.filter((answer) => 'refused' in answer && answer.refused === 'login_busy');
    expect(busy.length).toBeGreaterThan(0);
    for (const answer of busy) expect(answer).toMatchObject({ retryAfterMs: expect.any(Number) });
    expect(codes.every((code) => code === 'login_wrong' || code === 'login_busy')).toBe(true);
  });
});
