import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantile } from './quantile.ts';

it('is the smallest value that is not below that share of all', () => {
  expect([0, 0.5, 0.51, 0.99, 1].map((q) => quantile([40, 10, 20, 30], q))).toEqual([10, 20, 30, 40, 40]);
  expect(quantile([], 0.5)).toBeNull();
  const values = fc.array(fc.integer(), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, q) => {
      const found = quantile(all, q) as number;
      expect(all).toContain(found);
      expect(all.filter((value) => value <= found).length).toBeGreaterThanOrEqual(Math.floor(q * all.length));
      expect(all.filter((value) => value < found).length).toBeLessThan(q * all.length);
    }),
  );
});

it('leaves the values as they were', () => {
  const values = [3, 1, 2];
  quantile(values, 0.5);
  expect(values).toEqual([3, 1, 2]);
});
