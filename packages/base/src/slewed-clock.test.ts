import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DRIFT, SLEW, SlewedClock, STEP_MS, STEP_SAMPLES } from './slewed-clock.ts';

const sample = (sentMs: number, serverMs: number, receivedMs: number) => ({
  sentMs,
  serverMs,
  receivedMs,
  uncertaintyMs: 0,
});

it('is set by the first sample, and knows how far it may be off', () => {
  const clock = new SlewedClock();
  expect(clock.uncertaintyAt(0)).toBe(Number.POSITIVE_INFINITY);
  expect(() => clock.readAt(0)).toThrow('never set');
  clock.take({ ...sample(100, 5_000, 110), uncertaintyMs: 3 });
  expect([clock.readAt(110), clock.readAt(210)]).toEqual([5_005, 5_105]);
  expect(clock.uncertaintyAt(110)).toBeCloseTo(8);
  expect(clock.uncertaintyAt(10_110)).toBeCloseTo(8 + 10_010 * DRIFT);
});

it('believes the sample that can be least wrong', () => {
  const clock = new SlewedClock();
  clock.take(sample(0, 1_000, 2));
  clock.take(sample(100, 1_150, 200));
  expect(clock.readAt(300)).toBeCloseTo(1_299);
  clock.take(sample(400, 1_399.5, 401));
  expect(clock.uncertaintyAt(10_401)).toBeLessThan(1.6);
});

it('follows a clock that was set, at a twentieth of the time, and is uncertain meanwhile', () => {
  const clock = new SlewedClock();
  clock.take(sample(0, 0, 0));
  clock.take(sample(1_000, 900, 1_000));
  expect(clock.uncertaintyAt(1_000)).toBeCloseTo(100);
  expect(clock.readAt(2_000)).toBeCloseTo(1_950);
  expect(clock.uncertaintyAt(2_000)).toBeGreaterThan(50);
  expect(clock.readAt(3_000)).toBeCloseTo(2_900);
  expect(clock.readAt(4_000)).toBeCloseTo(3_900);
  expect(clock.uncertaintyAt(4_000)).toBeLessThan(1);
});

const HOUR_MS = 3_600_000;

it.each([HOUR_MS, -HOUR_MS, STEP_MS + 1, -STEP_MS - 1])(
  'does not follow a clock that was set by %d ms: it goes on, is uncertain by that at once, and says so after three samples',
  (byMs) => {
    const clock = new SlewedClock();
    clock.take(sample(0, 0, 0));
    for (let times = 1; times <= STEP_SAMPLES; times++) {
      expect(clock.steppedMs).toBe(0);
      const atMs = times * 1_000;
      clock.take(sample(atMs, atMs + byMs, atMs));
      expect([clock.readAt(atMs), clock.offsetAt(atMs)]).toEqual([atMs, 0]);
      expect(clock.uncertaintyAt(atMs)).toBeGreaterThanOrEqual(Math.abs(byMs));
    }
    expect(clock.steppedMs).toBe(byMs);
  },
);

it('forgets a step that was none: another sample agrees with what it knew, and is known well', () => {
  const clock = new SlewedClock();
  clock.take(sample(0, 0, 0));
  for (const atMs of [1_000, 2_000]) clock.take(sample(atMs, atMs + HOUR_MS, atMs));
  clock.take(sample(3_000, 3_000 + HOUR_MS, 3_000 + 3 * HOUR_MS));
  expect(clock.uncertaintyAt(4_000)).toBeGreaterThan(HOUR_MS);
  const laterMs = 4_000 + 3 * HOUR_MS;
  clock.take(sample(laterMs, laterMs, laterMs));
  expect(clock.uncertaintyAt(laterMs)).toBeLessThan(1);
  clock.take(sample(laterMs + 1, laterMs + HOUR_MS, laterMs + 1));
  expect(clock.steppedMs).toBe(0);
});

it('is where the other clock is half a minute after any step that it follows', () => {
  fc.assert(
    fc.property(fc.double({ min: -STEP_MS, max: STEP_MS, noNaN: true }), (byMs) => {
      const clock = new SlewedClock();
      clock.take(sample(0, 0, 0));
      for (let atMs = 1_000; atMs <= 31_000; atMs += 1_000) {
        clock.take(sample(atMs, atMs + byMs, atMs));
        expect(clock.steppedMs).toBe(0);
      }
      expect(clock.readAt(31_000)).toBeCloseTo(31_000 + byMs);
      expect(clock.uncertaintyAt(31_000)).toBeLessThan(1);
    }),
  );
});

it('never goes back nor runs by more than a twentieth too fast or slow, and is no further off than it says', () => {
  const step = fc.record({
    afterMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
    toMs: fc.double({ min: 0, max: 300, noNaN: true }),
    backMs: fc.double({ min: 0, max: 300, noNaN: true }),
  });
  const rate = fc.double({ min: 1 - DRIFT, max: 1 + DRIFT, noNaN: true });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), rate, fc.nat(1e9), (steps, serverRate, ahead) => {
      const server = (ownMs: number): number => ahead + ownMs * serverRate;
      const clock = new SlewedClock();
      let ownMs = 0;
      let last: { ownMs: number; shownMs: number } | null = null;
      const look = (): void => {
        const shownMs = clock.readAt(ownMs);
        if (last !== null) {
          const passedMs = ownMs - last.ownMs;
          expect(shownMs - last.shownMs).toBeGreaterThanOrEqual((1 - SLEW) * passedMs - 1e-3);
          expect(shownMs - last.shownMs).toBeLessThanOrEqual((1 + SLEW) * passedMs + 1e-3);
        }
        expect(Math.abs(shownMs - server(ownMs))).toBeLessThanOrEqual(clock.uncertaintyAt(ownMs) + 1e-3);
        last = { ownMs, shownMs };
      };
      for (const { afterMs, toMs, backMs } of steps) {
        const sentMs = ownMs + afterMs;
        if (last !== null) {
          ownMs = sentMs;
          look();
        }
        ownMs = sentMs + toMs + backMs;
        clock.take(sample(sentMs, server(sentMs + toMs), ownMs));
        look();
      }
    }),
  );
});
