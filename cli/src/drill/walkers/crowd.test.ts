import { expect, it } from 'vitest';
import { nextOf } from './crowd.ts';

it('has each give to the next, the last to the first, and nobody to themselves while the others are still to come', () => {
  expect(nextOf(['one'], 0)).toBeUndefined();
  expect(nextOf(['one', 'two'], 0)).toBe('two');
  expect(nextOf(['one', 'two'], 1)).toBe('one');
  expect(nextOf(['one', 'two', 'three'], 2)).toBe('one');
});
