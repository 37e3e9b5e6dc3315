import { Random } from '@lifeverse/base';
import { describe, expect, it } from 'vitest';
import { shiftBetween } from './shift.ts';

describe('the shift between two sets of values', () => {
  it('is the middle of all quotients', () => {
    expect(shiftBetween([10, 10, 10, 10], [12, 12, 12, 12])).toEqual({ ratio: 1.2, least: 1.2, most: 1.2 });
  });

  it('is not moved by one value that lies far off', () => {
    const calm = [10, 10.5, 9.5, 10.2, 9.8];
    expect(shiftBetween(calm, [11, 11.5, 400, 11.2, 10.8])?.ratio).toBeCloseTo(1.12, 1);
  });

  it('is not known from too few', () => {
    expect(shiftBetween([10, 11], [12, 13])).toBeNull();
    expect(shiftBetween([], [12, 13])).toBeNull();
  });

  it('has the true factor between its ends eight times in ten', () => {
    const random = new Random(1);
    const drawn = (count: number, factor: number): number[] =>
      Array.from({ length: count }, () => factor * Math.exp(random.between(-0.3, 0.3)));
    const trials = 2_000;
    let inside = 0;
    for (let trial = 0; trial < trials; trial++) {
      const shift = shiftBetween(drawn(6, 11), drawn(5, 11 * 1.1));
      if (shift !== null && shift.least <= 1.1 && 1.1 <= shift.most) inside++;
    }
    expect(inside / trials).toBeGreaterThan(0.78);
    expect(inside / trials).toBeLessThan(0.88);
  });
});
