import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitting } from './speak-box.ts';

it('cuts to so many bytes, between characters', () => {
  expect(fitting('hello', 5)).toBe('hello');
  expect(fitting('hello', 3)).toBe('hel');
  expect(fitting('häuser', 2)).toBe('h');
  expect(fitting('a👋b', 4)).toBe('a');
  expect(fitting('a👋b', 5)).toBe('a👋');
});

it('gives well-formed text that fits, whatever was typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (text, maxBytes) => {
      const fits = fitting(text, maxBytes);
      expect(fits.isWellFormed()).toBe(true);
      expect(new TextEncoder().encode(fits).length).toBeLessThanOrEqual(maxBytes);
    }),
  );
  expect(fitting('\ud83d', 10)).toBe('');
});
