import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

it('waits twice as long each time, up to two seconds, and up to half of it more by chance', () => {
  const [least, most] = [new Backoff(() => 0), new Backoff(() => 1)];
  const waits = (backoff: Backoff): number[] => Array.from({ length: 5 }, () => backoff.takeMs());
  expect(waits(least)).toEqual([250, 500, 1_000, 2_000, 2_000]);
  expect(waits(most)).toEqual([375, 750, 1_500, 3_000, 3_000]);
});
