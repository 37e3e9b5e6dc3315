import { describe, expect, it } from 'vitest';
import { bool, choice, entityRef, heading, int, numbered, owned, real, text, uint, vec2 } from './field.ts';

it('fields are data', () => {
  expect(bool().layout).toEqual({ kind: 'bool' });
  expect(uint({ max: 9 }).layout).toEqual({ kind: 'integer', min: 0, max: 9 });
  expect(int({ min: -2, max: 9 }).layout).toEqual({ kind: 'integer', min: -2, max: 9 });
  expect(real({ unit: 'kg', min: 0, max: 1, precision: 0.5 }).layout).toMatchObject({ kind: 'real', unit: 'kg' });
  expect(choice('a', 'b').layout).toEqual({ kind: 'choice', options: ['a', 'b'] });
  expect(heading().layout).toEqual({ kind: 'heading' });
  expect(text({ maxBytes: 3 }).layout).toEqual({ kind: 'text', maxBytes: 3 });
  expect([entityRef().layout, entityRef({ withinM: 3 }).layout]).toEqual([
    { kind: 'entity', withinM: null },
    { kind: 'entity', withinM: 3 },
  ]);
  expect(vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' })).toEqual({
    position: true,
    toleranceM: 0.05,
    maxSpeedMps: 8,
  });
});

it('a field can be for its owner alone, and keep its number', () => {
  expect(bool()).toMatchObject({ audience: 'all' });
  expect(numbered(7, owned(bool()))).toMatchObject({ audience: 'owner', number: 7, layout: { kind: 'bool' } });
});

describe('a declaration that cannot hold is refused where it stands', () => {
  it.each<[string, () => unknown]>([
    ['int', () => int({ min: 3, max: 3 })],
    ['int', () => int({ min: 0.5, max: 3 })],
    ['int', () => int({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })],
    ['real', () => real({ unit: 'm', min: 1, max: 1, precision: 1 })],
    ['real', () => real({ unit: 'm', min: 0, max: 1, precision: 0 })],
    ['real', () => real({ unit: 'm', min: 0, max: 1e9, precision: 1e-3 })],
    ['choice', () => choice('a', 'a')],
    ['text', () => text({ maxBytes: 0 })],
    ['text', () => text({ maxBytes: 1_025 })],
    ['vec2', () => vec2({ unit: 'm', precision: 0.001, tolerance: 0, predict: 'velocity' })],
  ])('%s', (what, declare) => {
    expect(declare).toThrow(what);
  });
});
