import { expect, it } from 'vitest';
import { AssertionError, assert, unreachable } from './assert.ts';

it('an invariant that does not hold is an error of its own kind', () => {
  assert(1, 'is not thrown');
  expect(() => assert('', 'empty')).toThrow(new AssertionError('empty'));
  expect(() => unreachable('new' as never)).toThrow('unreachable: "new"');
});
