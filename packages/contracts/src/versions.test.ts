import { expect, it } from 'vitest';
import { worksBeside } from './versions.ts';

it.each([
  ['0.1.0', '0.1.0', true],
  ['0.1.9', '0.1.0', true],
  ['0.2.0', '0.1.4', true],
  ['0.1.4', '0.2.0-rc.1', true],
  ['0.3.0', '0.1.4', false],
  ['0.9.0', '0.10.0', true],
  ['0.9.0', '0.11.0', false],
  ['1.0.0', '0.9.0', false],
  ['nightly', '0.1.0', false],
  ['nightly', 'nightly', true],
])('%s beside %s: %s', (one, other, works) => {
  expect([worksBeside(one, other), worksBeside(other, one)]).toEqual([works, works]);
});
