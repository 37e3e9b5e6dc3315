import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stableHash } from './stable-hash.ts';

// Vectors of the reference implementation (SMHasher), as other implementations list them.
it.each([
  ['', 0],
  ['test', 0xba6b_d213],
  ['Hello, world!', 0xc036_3e43],
  ['The quick brown fox jumps over the lazy dog', 0x2e4f_f723],
])('of %j is the one that everybody has', (text, hash) => {
  expect(stableHash(text)).toBe(hash);
});

it('is an unsigned number of 32 bits for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const hash = stableHash(text);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32 && hash === stableHash(text)).toBe(true);
    }),
  );
});
