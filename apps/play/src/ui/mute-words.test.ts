import { expect, it } from 'vitest';
import { muteWords } from './mute-words.ts';

const now = new Date(2026, 10, 21, 13, 0, 30);
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

it('says until when, never a moment too soon, and no date that means never', () => {
  expect(muteWords(later(10), now)).toBe('You may not speak until 13:11: nobody heard that.');
  expect(muteWords(later(2 * 1_440), now)).toMatch(
    /^You may not speak until 23 November.* 13:01: nobody heard that\.$/,
  );
  expect(muteWords(later(100 * 525_600), now)).toBe('You may not speak here any more: nobody heard that.');
  for (const unknown of [null, later(-1)])
    expect(muteWords(unknown, now)).toBe('You may not speak for a while: nobody heard that.');
});
