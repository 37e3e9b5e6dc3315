import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';

interface Link {
  readonly upMs: number;
  readonly downMs: number;
  readonly jitterMs: number;
}

const links: fc.Arbitrary<Link> = fc.record({
  upMs: fc.integer({ min: 1, max: 120 }),
  downMs: fc.integer({ min: 1, max: 120 }),
  jitterMs: fc.integer({ min: 0, max: 80 }),
});

/** A client asks once a second over a link, and looks at its clock sixty times a second; returns the errors it saw. */
function drive(seed: number, link: Link, startErrorMs: number, seconds: number, trueOffsetMs = 5_000_000) {
  const random = new Random(seed);
  const clock = new ServerClock();
  const arrivals: { atMs: number; sentMs: number; heldMs: number; serverMs: number }[] = [];
  let nowMs = 1_000;
  clock.start(nowMs + trueOffsetMs + startErrorMs, nowMs);
  let before = clock.serverMs(nowMs);
  let back = 0;
  const errors: number[] = [];
  for (let frame = 0; frame < seconds * 60; frame++) {
    nowMs += 1_000 / 60;
    if (frame % 60 === 0) {
      const heardMs = nowMs + link.upMs + random.float() * link.jitterMs;
      const heldMs = random.float() * 50;
      const answeredMs = heardMs + heldMs;
      const atMs = answeredMs + link.downMs + random.float() * link.jitterMs;
      arrivals.push({ atMs, sentMs: nowMs, heldMs, serverMs: answeredMs + trueOffsetMs });
    }
    for (const { atMs, sentMs, heldMs, serverMs } of arrivals)
      if (atMs <= nowMs) clock.sample(sentMs, heldMs, serverMs, atMs);
    arrivals.splice(0, arrivals.filter(({ atMs }) => atMs <= nowMs).length);
    clock.update(nowMs);
    back = Math.min(back, clock.serverMs(nowMs) - before);
    before = clock.serverMs(nowMs);
    errors.push(before - (nowMs + trueOffsetMs));
  }
  return { clock, errors, back };
}

describe('[SY20] the clock of a client', () => {
  it('comes within half the quickest round trip of the truth, whichever way the link is slower', () => {
    fc.assert(
      fc.property(fc.nat(), links, fc.integer({ min: -240, max: 240 }), (seed, link, startErrorMs) => {
        const { errors } = drive(seed, link, startErrorMs, 40);
        const bound = (link.upMs + link.downMs + 2 * link.jitterMs) / 2;
        expect(Math.abs(errors.at(-1) as number)).toBeLessThanOrEqual(bound + 0.001);
        // With equal ways the jitter of the quickest of the last twelve is all that is left.
        const even = drive(seed, { ...link, downMs: link.upMs }, startErrorMs, 40).errors.at(-1) as number;
        expect(Math.abs(even)).toBeLessThanOrEqual(link.jitterMs / 2 + 0.001);
      }),
    );
  });

  it('never goes back while it is slewed, and never runs more than 5 % fast or slow', () => {
    fc.assert(
      fc.property(fc.nat(), links, fc.integer({ min: -100, max: 100 }), (seed, link, startErrorMs) => {
        const { errors, back } = drive(seed, link, startErrorMs, 20);
        expect(back).toBeGreaterThanOrEqual(0);
        const drifts = errors.slice(1).map((error, i) => Math.abs(error - (errors[i] as number)));
        expect(Math.max(...drifts)).toBeLessThanOrEqual((1_000 / 60) * 0.05 + 1e-6);
      }),
    );
  });

  it('is set at once when it is more than 250 ms off: after a sleep, or a first idea that was wrong', () => {
    const { errors } = drive(1, { upMs: 20, downMs: 20, jitterMs: 0 }, -4_000, 2);
    expect(errors[0]).toBeCloseTo(-4_000, 3);
    expect(errors.at(-1)).toBeCloseTo(0, 3);
  });

  it('goes by the quickest of the last twelve round trips', () => {
    const clock = new ServerClock();
    clock.start(0, 0);
    const sample = (roundTripMs: number, offMs: number): void =>
      clock.sample(1_000 - roundTripMs, 0, 1_000 + offMs - roundTripMs / 2, 1_000);
    sample(10, 40);
    for (let i = 0; i < 11; i++) sample(50, 0);
    for (let ms = 0; ms <= 60_000; ms += 100) clock.update(ms);
    expect(clock.serverMs(60_000)).toBeCloseTo(60_040);
    sample(50, 0);
    for (let ms = 60_000; ms <= 120_000; ms += 100) clock.update(ms);
    expect(clock.serverMs(120_000)).toBeCloseTo(120_000);
  });

  it('tells a smoothed round trip and how much it varies', () => {
    const { clock } = drive(7, { upMs: 30, downMs: 50, jitterMs: 0 }, 0, 60);
    expect(clock.roundTripMs).toBeCloseTo(80, 3);
    expect(clock.jitterMs).toBeLessThan(1);
    const shaky = drive(7, { upMs: 30, downMs: 50, jitterMs: 40 }, 0, 60).clock;
    expect(shaky.roundTripMs).toBeGreaterThan(80);
    expect(shaky.roundTripMs).toBeLessThan(160);
    expect(shaky.jitterMs).toBeGreaterThan(3);
  });
});
