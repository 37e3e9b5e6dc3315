import { expect, it } from 'vitest';
import { Restarts } from './restarts.ts';

const policy = { firstWaitMs: 250, longestWaitMs: 2_000, steadyMs: 60_000 };

/** Waits after lives of so long, each open at once. */
function waits(...livesMs: readonly number[]): (number | null)[] {
  const restarts = new Restarts(policy);
  let nowMs = 0;
  return livesMs.map((lifeMs) => {
    restarts.started(nowMs);
    restarts.opened(nowMs);
    nowMs += lifeMs;
    const waitMs = restarts.ended('it fell', nowMs);
    nowMs += waitMs ?? 0;
    return waitMs;
  });
}

it('waits twice as long each time, up to a bound', () => {
  expect(waits(10, 10, 10, 10, 10, 10)).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
});

it('begins anew after a steady life', () => {
  expect(waits(10, 10, 60_000, 10)).toEqual([250, 500, 250, 500]);
});

it('tells where it is, how it ended last, and how often it was started again', () => {
  const restarts = new Restarts(policy);
  restarts.started(5);
  expect([restarts.life, restarts.count]).toEqual([{ kind: 'starting', sinceMs: 5 }, 0]);
  restarts.opened(9);
  expect([restarts.life, restarts.lastEnd]).toEqual([{ kind: 'open', sinceMs: 9 }, null]);
  restarts.ended('was killed by SIGKILL', 20);
  expect(restarts.life).toEqual({ kind: 'waiting', untilMs: 270 });
  restarts.started(270);
  restarts.opened(280);
  expect([restarts.count, restarts.lastEnd]).toEqual([1, { how: 'was killed by SIGKILL', atMs: 20 }]);
});

it('starts nothing that was to end', () => {
  const restarts = new Restarts(policy);
  restarts.started(0);
  restarts.stop();
  expect([restarts.ended('exit code 0', 10), restarts.life, restarts.lastEnd]).toEqual([
    null,
    { kind: 'stopped' },
    null,
  ]);
});

it('does not start again what leaves, however it ends', () => {
  const restarts = new Restarts(policy);
  restarts.started(0);
  restarts.opened(5);
  restarts.leaves(10);
  expect(restarts.life).toEqual({ kind: 'leaving', sinceMs: 10 });
  expect([restarts.ended('was killed by SIGKILL', 20), restarts.life, restarts.lastEnd]).toEqual([
    null,
    { kind: 'stopped' },
    null,
  ]);
  const waiting = new Restarts(policy);
  waiting.started(0);
  waiting.ended('it fell', 10);
  waiting.leaves(20);
  expect(waiting.life).toEqual({ kind: 'stopped' });
});
