import type { Outcome } from '@lifeverse/client';
import { expect, it } from 'vitest';
import { Giver } from './giver.ts';

const partner = { name: 'Walker 2', entity: 7 };
const done: Outcome = { ok: true, operation: 5 };

it('gives to one after the other, and the next a moment after that is done', async () => {
  const giver = new Giver('Walker 1');
  const given: number[] = [];
  const give = (entity: number): Promise<Outcome> => {
    giver.newKey();
    given.push(entity);
    return Promise.resolve(done);
  };
  giver.turn(0, null, give);
  expect(given).toEqual([]);
  giver.turn(0, partner, give);
  giver.turn(1, partner, give);
  expect([given, giver.idle]).toEqual([[7], false]);
  await Promise.resolve();
  expect([giver.idle, giver.hasDoneSince(0)]).toEqual([true, true]);
  giver.turn(performance.now(), partner, give);
  expect(given).toEqual([7]);
  giver.turn(performance.now() + 401, partner, give);
  expect(given).toEqual([7, 7]);
});

it('asks again by the same key when that is worth it, and says so to whoever waits', async () => {
  const giver = new Giver('Walker 1');
  expect(giver.doing(0)).toBe('has given nothing');
  let agains = 0;
  const again = (): Promise<Outcome> => {
    agains++;
    return Promise.resolve(done);
  };
  const busy = { ok: false, code: 'journal_busy', sentence: 'The journal is busy.', retryAfterMs: 500, again } as const;
  const fromMs = performance.now();
  giver.turn(fromMs, partner, () => Promise.resolve(busy as Outcome));
  await Promise.resolve();
  expect([giver.idle, giver.deals[0]?.refusals.length]).toEqual([false, 1]);
  expect(giver.doing(fromMs + 2_000)).toBe(
    'asked for the last coin to Walker 2 2.0 s ago, not answered, refused 1 times with journal_busy at last',
  );
  giver.rest();
  giver.turn(performance.now() + 501, partner, () => Promise.reject(new Error('nothing new')));
  await Promise.resolve();
  expect([agains, giver.idle, giver.deals.length, giver.hasDoneSince(fromMs)]).toEqual([1, true, 1, true]);
});
