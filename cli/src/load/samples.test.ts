import { expect, it } from 'vitest';
import { Samples } from './samples.ts';

it('keeps all there are while they are few', () => {
  const samples = new Samples();
  expect(samples.quantile(0.5)).toBeNull();
  for (let i = 100; i >= 1; i--) samples.add(i);
  expect([0, 0.5, 0.95, 1].map((q) => samples.quantile(q))).toEqual([1, 50, 95, 100]);
  samples.clear();
  expect([samples.count, samples.quantile(1)]).toEqual([0, null]);
});

it('keeps an even choice of many, early and late ones alike', () => {
  const samples = new Samples(1_000);
  for (let i = 0; i < 100_000; i++) samples.add(i);
  expect(samples.count).toBe(100_000);
  for (const q of [0.1, 0.5, 0.9]) expect(samples.quantile(q)).toBeCloseTo(q * 100_000, -4);
});
