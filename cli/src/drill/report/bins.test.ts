import { expect, it } from 'vitest';
import { binsOf, countsOf, waits } from './bins.ts';

it('a course is cut into pieces, a quarter of a second or more', () => {
  expect(binsOf({ startMs: 1_000, endMs: 3_000 })).toEqual({ startMs: 1_000, binMs: 250, count: 8 });
  expect(binsOf({ startMs: 0, endMs: 240_000 })).toEqual({ startMs: 0, binMs: 1_000, count: 240 });
  expect(binsOf({ startMs: 5, endMs: 5 }).count).toBe(1);
});

it('a wait grows from piece to piece until it is over, for each player alone', () => {
  const bins = { startMs: 0, binMs: 1_000, count: 5 };
  const steady = Array.from({ length: 40 }, (_, at) => 1_000 + at * 100);
  const stopped = [1_000, 1_100, 4_500, 4_600];
  const found = waits({ acks: [steady, steady, stopped], endMs: 5_000 }, bins);
  expect(found.map((wait) => wait?.maxMs)).toEqual([undefined, 900, 1_900, 2_900, 3_400]);
  expect(found.map((wait) => wait?.p50Ms)).toEqual([undefined, 100, 100, 100, 100]);
});

it('who never comes back waits to the end', () => {
  const bins = { startMs: 0, binMs: 1_000, count: 3 };
  expect(waits({ acks: [[500]], endMs: 3_000 }, bins).map((wait) => wait?.maxMs)).toEqual([500, 1_500, 2_500]);
});

it('what was settled is counted where it was, and what lies beyond at the ends', () => {
  const bins = { startMs: 0, binMs: 1_000, count: 2 };
  const settled = [
    { atMs: 10, outcome: 'done' },
    { atMs: 20, outcome: 'refused' },
    { atMs: 1_500, outcome: 'unknown' },
    { atMs: 9_000, outcome: 'done' },
  ] as const;
  expect(countsOf(settled, bins)).toEqual([
    { done: 1, refused: 1, unknown: 0 },
    { done: 1, refused: 0, unknown: 1 },
  ]);
});
