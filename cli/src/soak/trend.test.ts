import { expect, it } from 'vitest';
import { growthPerMinute } from './trend.ts';

const samples = (value: (i: number) => number) =>
  Array.from({ length: 60 }, (_, i) => ({ atMs: i * 10_000, value: value(i) }));

it('is the slope, whatever a few outliers do', () => {
  expect(growthPerMinute(samples((i) => 100 + i))).toBeCloseTo(6);
  expect(growthPerMinute(samples((i) => (i % 10 === 9 ? 1_000 : 100 + i)))).toBeCloseTo(6, 0);
  expect(growthPerMinute(samples((i) => 100 + (i % 5)))).toBeCloseTo(0);
  expect(growthPerMinute([])).toBeNull();
});
