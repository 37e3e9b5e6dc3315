import { Random } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { WorldClock } from './world-clock.ts';

/** The server's clock shows this much more than ours. */
const AHEAD_MS = 5_000;

it('has a first idea from a welcome: the latest that any of them allows', () => {
  const clock = new WorldClock();
  expect(clock.known).toBe(false);
  clock.atLeast(AHEAD_MS + 100, 130);
  clock.atLeast(AHEAD_MS + 100, 110);
  clock.atLeast(AHEAD_MS + 100, 150);
  expect([clock.known, clock.serverMs(200), clock.roundTripMs]).toEqual([true, AHEAD_MS + 190, 0]);
});

it('trusts the quickest round trip, whatever the slow ones say', () => {
  const clock = new WorldClock();
  const random = new Random(3);
  for (let nowMs = 0; nowMs < 5_000; nowMs += 10) {
    const upMs = nowMs === 2_000 ? 0.2 : random.between(1, 40);
    const downMs = nowMs === 2_000 ? 0.2 : random.between(1, 400);
    const heldMs = random.between(0, 50);
    clock.sample(nowMs, heldMs, AHEAD_MS + nowMs + upMs + heldMs, nowMs + upMs + heldMs + downMs);
  }
  expect(clock.serverMs(6_000)).toBeCloseTo(AHEAD_MS + 6_000, 6);
  expect(clock.roundTripMs).toBeCloseTo(0.4, 6);
});

it('forgets a quick round trip in time: clocks drift', () => {
  const clock = new WorldClock();
  clock.sample(0, 0, AHEAD_MS, 0);
  for (let nowMs = 100; nowMs < 30_000; nowMs += 100) clock.sample(nowMs, 0, AHEAD_MS + 3 + nowMs + 1, nowMs + 2);
  expect(clock.serverMs(30_000)).toBeCloseTo(AHEAD_MS + 3 + 30_000, 6);
});

it('takes nothing from a welcome once it knows better', () => {
  const clock = new WorldClock();
  clock.sample(0, 0, AHEAD_MS + 1, 2);
  clock.atLeast(AHEAD_MS + 999, 10);
  expect(clock.serverMs(10)).toBe(AHEAD_MS + 10);
});
