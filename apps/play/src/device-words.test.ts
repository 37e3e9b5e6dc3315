import { expect, it } from 'vitest';
import { agoWords, deviceWords, platformOf } from './device-words.ts';

const chrome =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36';

it.each([
  [chrome, 'Chrome on Android'],
  [`${chrome} Edg/131.0`, 'Edge on Android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari on iOS'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.4 Safari/605.1.15', 'Safari on macOS'],
  ['something else', 'Browser'],
])('names a device so that its owner knows it: %s', (userAgent, words) => {
  const platform = platformOf(userAgent);
  expect(platform).toMatch(/^[a-z0-9 -]{1,32}$/);
  expect(deviceWords(platform)).toBe(words);
});

it('has words for a device that said nothing of itself', () => {
  expect(deviceWords('')).toBe('A device');
});

it('says how long ago, and never in the future', () => {
  const at = Date.UTC(2026, 10, 21);
  const ago = (ms: number): string => agoWords(at - ms, at);
  expect([ago(-5_000), ago(59_000), ago(61_000), ago(3 * 3_600_000), ago(86_400_000), ago(9 * 86_400_000)]).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '3 hours ago',
    'yesterday',
    '9 days ago',
  ]);
});
