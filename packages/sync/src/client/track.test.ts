import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Track } from './track.ts';

const at = (track: Track, tick: number) => {
  const out = { x: Number.NaN, y: Number.NaN, vx: Number.NaN, vy: Number.NaN };
  track.at(tick, out);
  return out;
};

describe('[SY22] a track', () => {
  it('goes on as predicted between two tidings and beyond the last', () => {
    const track = new Track(12);
    track.add(100, 1_000, 0, 50, -10);
    expect(at(track, 100)).toEqual({ x: 1_000, y: 0, vx: 50, vy: -10 });
    expect(at(track, 104.5)).toEqual({ x: 1_225, y: -45, vx: 50, vy: -10 });
    track.add(110, 1_500, -100, 0, 0);
    expect(at(track, 108)).toMatchObject({ x: 1_400, y: -80 });
    expect(at(track, 200)).toMatchObject({ x: 1_500, y: -100 });
  });

  it('moves within the last tick before a tiding from where it was predicted to where it was told', () => {
    const track = new Track(12);
    track.add(100, 0, 0, 10, 0);
    track.add(105, 100, 60, 20, 0);
    expect(at(track, 104)).toMatchObject({ x: 40, y: 0 });
    expect(at(track, 104.5)).toMatchObject({ x: 70, y: 30, vx: 20 });
    expect(at(track, 105)).toMatchObject({ x: 100, y: 60 });
  });

  it('begins a tick before the first tiding, on the line that leads there', () => {
    const track = new Track(12);
    track.add(100, 0, 0, 10, 0);
    expect([99.5, 99, 90].map((tick) => at(track, tick).x)).toEqual([-5, -10, -10]);
  });

  it('does not jump, but for what it is told to: a tick is the least time for any change', () => {
    const tidings = fc.array(
      fc.record({
        wait: fc.integer({ min: 1, max: 9 }),
        x: fc.integer({ min: -500, max: 500 }),
        vx: fc.integer({ min: -400, max: 400 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(tidings, (told) => {
        const track = new Track(1_000);
        let tick = 100;
        for (const { wait, x, vx } of told) {
          tick += wait;
          track.add(tick, x, 0, vx, 0);
        }
        let before = at(track, 99).x;
        let most = 0;
        for (let time = 99; time <= tick + 2; time += 1 / 64) {
          const { x } = at(track, time);
          most = Math.max(most, Math.abs(x - before));
          before = x;
        }
        // Told places 1,000 mm apart at most, and nine ticks at 400 in between.
        expect(most).toBeLessThanOrEqual((1_000 + 10 * 400) / 64 + 1e-9);
      }),
    );
  });

  it('knows as much of the past as was asked for, whether much or little happened in it', () => {
    const busy = new Track(12);
    const quiet = new Track(12);
    for (let tick = 0; tick <= 100; tick++) {
      busy.add(tick, tick * tick, 0, 0, 0);
      if (tick % 40 === 0) quiet.add(tick, tick, 0, 1, 0);
    }
    for (let ago = 0; ago <= 12; ago++) expect(at(busy, 100 - ago).x).toBe((100 - ago) ** 2);
    expect([80, 79, 75, 68].map((tick) => at(quiet, tick).x)).toEqual([80, 79, 75, 68]);
  });

  it('forgets what was said of the tick of a newer tiding, and of later ones', () => {
    const track = new Track(12);
    track.add(100, 0, 0, 0, 0);
    track.add(103, 300, 0, 0, 0);
    track.add(105, 500, 0, 0, 0);
    track.add(103, 30, 0, 1, 0);
    expect([102, 103, 105].map((tick) => at(track, tick).x)).toEqual([0, 30, 32]);
  });
});
