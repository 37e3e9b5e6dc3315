import { limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playerName } from './player-name.ts';

describe('a name', () => {
  it.each([
    ['Merry Otter', 'Merry Otter'],
    ['  Merry \u00a0 Otter\u3000', 'Merry Otter'],
    ['Zoe\u0308', 'Zoë'],
    ['李小龙', '李小龙'],
    ['😀'.repeat(8), '😀'.repeat(8)],
    ['a'.repeat(32), 'a'.repeat(32)],
    ['👩\u200d🚀', '👩\u200d🚀'],
  ])('%j is kept as %j', (given, kept) => {
    expect(playerName(given)).toBe(kept);
  });

  it.each([
    ['nothing', ''],
    ['spaces', ' \u00a0 '],
    ['33 bytes', 'a'.repeat(33)],
    ['9 emoji', '😀'.repeat(9)],
    ['a line', 'a\nb'],
    ['a control', 'a\u0000b'],
    ['a delete', 'a\u007f'],
    ['an override', 'a\u202eb'],
    ['an isolate', 'a\u2067b'],
    ['an Arabic mark', 'a\u061cb'],
    ['a zero-width space', 'a\u200bb'],
    ['a byte order mark', '\ufeffa'],
    ['half a surrogate', 'a\ud83d'],
    ['the other half', '\ude00a'],
    ['joiners alone', '\u200d\u200d'],
    ['combining marks alone', '\u0308\u0308'],
    ['a private character', '\ue000'],
    ['an unassigned character', '\u0378a'],
    ['a blank letter', '\u3164'],
    ['a soft hyphen', 'a\u00adb'],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('is not made of %s', (_, given) => {
    expect(playerName(given)).toBeUndefined();
  });

  it('that is kept is within its limit, and kept as it is the next time', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(anything, (given) => {
        const name = playerName(given);
        if (name === undefined) return;
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(limits.nameBytes);
        expect(Buffer.from(name).toString()).toBe(name);
        expect(playerName(name)).toBe(name);
      }),
    );
  });
});
