import { describe, expect, it } from 'vitest';
import { Course, HEADINGS, headingX, headingY, plainSideM, SPEED_M_S, stormHeading, walked } from './movement.ts';

const plain = { seed: 7, sideM: plainSideM(200) };

function turnsOf(course: Course, count: number): { atMs: number; heading: number; xM: number; yM: number }[] {
  return Array.from({ length: count }, () => {
    const turn = { atMs: course.atMs, heading: course.heading, xM: course.xM, yM: course.yM };
    course.advance();
    return turn;
  });
}

describe('Course', () => {
  it('is decided by seed and player', () => {
    expect(turnsOf(new Course(plain, 3), 50)).toEqual(turnsOf(new Course(plain, 3), 50));
    expect(turnsOf(new Course(plain, 4), 50)).not.toEqual(turnsOf(new Course(plain, 3), 50));
    expect(turnsOf(new Course({ ...plain, seed: 8 }, 3), 50)).not.toEqual(turnsOf(new Course(plain, 3), 50));
  });

  it('turns every 1-3 s, walks at full speed and stays inside the plain', () => {
    for (let player = 0; player < 60; player++) {
      const turns = turnsOf(new Course(plain, player), 60);
      for (let i = 1; i < turns.length; i++) {
        const [last, next] = [turns[i - 1], turns[i]];
        if (last === undefined || next === undefined) throw new Error('unreachable');
        const lastsMs = next.atMs - last.atMs;
        expect(lastsMs).toBeGreaterThanOrEqual(1000);
        expect(lastsMs).toBeLessThanOrEqual(3000);
        const walkedM = Math.hypot(next.xM - last.xM, next.yM - last.yM);
        expect(walkedM).toBeCloseTo((SPEED_M_S * lastsMs) / 1000, 6);
        expect(Math.min(next.xM, next.yM)).toBeGreaterThanOrEqual(0);
        expect(Math.max(next.xM, next.yM)).toBeLessThanOrEqual(plain.sideM);
      }
    }
  });

  it('keeps the players spread over the plain', () => {
    const quarters = [0, 0, 0, 0];
    for (let player = 0; player < 2000; player++) {
      const course = new Course(plain, player);
      for (let turn = 0; turn < 30; turn++) course.advance();
      const quarter = (course.xM * 2 > plain.sideM ? 1 : 0) + (course.yM * 2 > plain.sideM ? 2 : 0);
      quarters[quarter] = (quarters[quarter] as number) + 1;
    }
    for (const count of quarters) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});

describe('storm', () => {
  it('turns every mover beyond the tolerance of a prediction in every tick', () => {
    for (let player = 0; player < 50; player++) {
      for (let tick = 1; tick < 200; tick++) {
        const last = stormHeading(40, player, tick - 1);
        const next = stormHeading(40, player, tick);
        const apart = Math.hypot(
          (headingX[next] as number) - (headingX[last] as number),
          (headingY[next] as number) - (headingY[last] as number),
        );
        expect(apart * SPEED_M_S * 0.05).toBeGreaterThan(0.15);
      }
    }
  });

  it('gives a heading for every heading', () => {
    for (let heading = 0; heading < HEADINGS; heading++) {
      const turned = stormHeading(heading, 5, heading);
      expect(Number.isInteger(turned) && turned >= 0 && turned < HEADINGS).toBe(true);
    }
  });
});

it('walks to the border and no further', () => {
  expect(walked(10, 1, 0.05, 100)).toBeCloseTo(10.3, 9);
  expect(walked(99.9, 1, 0.05, 100)).toBe(100);
  expect(walked(0.1, -1, 0.05, 100)).toBe(0);
});
