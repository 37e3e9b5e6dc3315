import { describe, expect, it } from 'vitest';
import { growthExponent, ratio, rounded, spreadOf } from './statistics.ts';

describe('spreadOf', () => {
  it('is the median with least and greatest, whatever the order', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  it('leaves out what is missing', () => {
    expect(spreadOf([null, 3, null, 1])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([null, null])).toBeNull();
    expect(spreadOf([])).toBeNull();
  });
});

it('divides only what there is', () => {
  expect(ratio(6, 3)).toBe(2);
  expect(ratio(null, 3)).toBeNull();
  expect(ratio(6, null)).toBeNull();
  expect(ratio(6, 0)).toBeNull();
});

it('takes the growth of the whole tick', () => {
  expect(growthExponent(4, 1000, 4, 5000)).toBeCloseTo(1, 12);
  expect(growthExponent(4, 1000, 20, 5000)).toBeCloseTo(2, 12);
  expect(growthExponent(20, 500, 31, 1000)).toBeCloseTo(1.632, 3);
  expect(growthExponent(null, 1000, 20, 5000)).toBeNull();
});

it('rounds to significant digits', () => {
  expect(rounded(31.41592)).toBe(31.42);
  expect(rounded(0.00123456)).toBe(0.001235);
});
