import { expect, it } from 'vitest';
import { isChosen } from './spread.ts';

const chosenOf = (of: number, chosen: number): number[] =>
  Array.from({ length: of }, (_, index) => index).filter((index) => isChosen(index, of, chosen));

it.each([
  [10, 3],
  [10_000, 1_000],
  [1_000, 50],
  [7, 7],
  [1, 50],
  [3, 50],
])('chooses of %i so many as it is asked for, %i, or all', (of, chosen) => {
  expect(chosenOf(of, chosen)).toHaveLength(Math.min(of, chosen));
  expect(chosenOf(of, chosen)[0]).toBe(0);
});

it('spreads them', () => {
  const gaps = chosenOf(1_000, 50).map((index, i, all) => (all[i + 1] ?? 1_000) - index);
  expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([20, 20]);
});
