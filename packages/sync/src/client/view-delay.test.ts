import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_VIEW_DELAY_MS, ViewDelay } from './view-delay.ts';

const PERIOD_MS = 50;

/** Plays so many seconds of frames, each tick's tiding late by what is said; returns the delay after every frame. */
function drive(delay: ViewDelay, fromMs: number, seconds: number, latenessMs: (tick: number) => number): number[] {
  const seen: number[] = [];
  for (let frame = 0; frame < seconds * 60; frame++) {
    const nowMs = fromMs + (frame * 1_000) / 60;
    if (frame % 3 === 0) delay.arrived(latenessMs(frame / 3), nowMs);
    delay.update(nowMs);
    seen.push(delay.delayMs);
  }
  return seen;
}

describe('[SY21] the view delay', () => {
  it('is a tick, and what the tidings are late, and a little', () => {
    const delay = new ViewDelay(PERIOD_MS);
    drive(delay, 1e9, 20, () => 20);
    expect(delay.delayMs).toBeCloseTo(PERIOD_MS + 20 + 3);
    drive(delay, 1e9 + 20_000, 20, () => -5);
    expect(delay.delayMs).toBeCloseTo(PERIOD_MS + 3);
  });

  it('lets at most one tiding in twenty come too late', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 300 }), (seed, spreadMs) => {
        const random = new Random(seed);
        const delay = new ViewDelay(PERIOD_MS);
        const lateness = Array.from({ length: 400 }, () => random.float() * spreadMs);
        drive(delay, 5, 20, (tick) => lateness[tick] as number);
        const late = lateness.slice(-64).filter((ms) => ms + PERIOD_MS > delay.delayMs).length;
        expect(late).toBeLessThanOrEqual(Math.ceil(64 * 0.05) + 1);
      }),
    );
  });

  it('is moved by nobody who hiccups once', () => {
    const delay = new ViewDelay(PERIOD_MS);
    const seen = drive(delay, 7, 20, (tick) => (tick === 200 ? 400 : 10));
    for (const ms of seen.slice(300)) expect(ms).toBeCloseTo(PERIOD_MS + 10 + 3);
  });

  it('is never more than half a second', () => {
    const delay = new ViewDelay(PERIOD_MS);
    const seen = drive(delay, 7, 60, () => 60_000);
    expect(Math.max(...seen)).toBe(MOST_VIEW_DELAY_MS);
    expect(MOST_VIEW_DELAY_MS).toBe(500);
  });

  it('changes so slowly that shown time goes neither back nor visibly faster', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const seen = drive(new ViewDelay(PERIOD_MS), 7, 20, () => random.float() * 400);
        const steps = seen.slice(1).map((ms, i) => Math.abs(ms - (seen[i] as number)));
        expect(Math.max(...steps)).toBeLessThanOrEqual((1_000 / 60) * 0.08 + 1e-6);
      }),
    );
  });
});
