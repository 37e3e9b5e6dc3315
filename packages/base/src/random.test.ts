import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('random numbers', () => {
  it('are the same for the same seed, in every engine and for all time', () => {
    const random = new Random(7331);
    expect(Array.from({ length: 4 }, () => random.uint32())).toEqual([
      777_792_245, 3_420_288_936, 3_841_067_883, 315_015_376,
    ]);
    expect(new Random(7331).float()).toBe(777_792_245 / 2 ** 32);
  });

  it('differ from seed to seed, and fork into sequences of their own', () => {
    const first = Array.from({ length: 1_000 }, (_, seed) => new Random(seed).uint32());
    expect(new Set(first).size).toBe(1_000);
    const parent = new Random(1);
    const [a, b] = [parent.fork(), parent.fork()];
    expect(a.uint32()).not.toBe(b.uint32());
  });

  it('keep within their ranges and spread over them', () => {
    const random = new Random(5);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.below(10)]++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    for (let i = 0; i < 1_000; i++) {
      const value = random.between(-3, 4);
      expect(value).toBeGreaterThanOrEqual(-3);
      expect(value).toBeLessThan(4);
      expect(random.pick([1, 2, 3])).toBeOneOf([1, 2, 3]);
    }
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });
});
