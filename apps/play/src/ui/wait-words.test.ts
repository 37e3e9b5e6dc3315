import { expect, it } from 'vitest';
import { estimateWords, positionWords, waitWords } from './wait-words.ts';

it.each([
  [null, 'How long it takes cannot be said just now.'],
  [{ least: 0, most: null }, 'How long it takes cannot be said yet.'],
  [{ least: 150_000, most: null }, 'It takes at least 2 minutes.'],
  [{ least: 1_000, most: 4_000 }, 'Only a few seconds more.'],
  [{ least: 2_000, most: 31_000 }, 'Less than 35 seconds.'],
  [{ least: 20_000, most: 47_000 }, 'Between 20 seconds and 50 seconds.'],
  [{ least: 100_000, most: 300_000 }, 'Between 1 minute and 5 minutes.'],
  [{ least: 30_000, most: 290_000 }, 'Between 1 minute and 5 minutes.'],
  [{ least: 4_000_000, most: 9_000_000 }, 'Between 1 hour and 3 hours.'],
])('%j: %s', (estimate, words) => {
  expect(estimateWords(estimate)).toBe(words);
});

it('says who is before one', () => {
  expect([1, 2, 3].map(positionWords)).toEqual(['You are next.', '1 is before you.', '2 are before you.']);
});

it('says when to try again, never too early', () => {
  expect([1, 9, 90, 91, 900].map(waitWords)).toEqual([
    'Try again in 1 second.',
    'Try again in 9 seconds.',
    'Try again in 90 seconds.',
    'Try again in 2 minutes.',
    'Try again in 15 minutes.',
  ]);
});
