import { expect, it } from 'vitest';
import { lostM, walkedBackS } from './walk-back.ts';

/** Ten seconds to the east at 4 m/s, seen twice a second. */
const way = Array.from({ length: 21 }, (_, index) => ({ ms: index * 500, x: index * 2, y: 0 }));

it.each([
  ['where one was last', { x: 40, y: 0 }, 0],
  ['between two looks', { x: 27, y: 0.3 }, 3.25],
  ['where one was long ago', { x: 4, y: 0 }, 9],
])('%s', (_what, place, seconds) => {
  expect(walkedBackS(way, 10_000, place)).toBeCloseTo(seconds, 1);
});

it('where one never was is told apart, and what came after the moment does not count', () => {
  expect(walkedBackS(way, 10_000, { x: 20, y: 5 })).toBe(Number.POSITIVE_INFINITY);
  expect(walkedBackS(way, 4_000, { x: 40, y: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(walkedBackS([], 4_000, { x: 0, y: 0 })).toBe(Number.POSITIVE_INFINITY);
});

it('how far one was put back is told from where one was at that moment', () => {
  expect(lostM(way, 4_200, { x: 16, y: 3 })).toBe(3);
  expect(lostM([], 4_200, { x: 16, y: 3 })).toBe(Number.POSITIVE_INFINITY);
});
