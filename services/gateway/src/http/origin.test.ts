import { expect, it } from 'vitest';
import { originAllowed } from './origin.ts';

const isFriend = (origin: string): boolean => origin === 'https://friend.example';

it.each([
  [undefined, 'play.example'],
  ['http://127.0.0.1:8080', '127.0.0.1:8080'],
  ['http://[::1]:8080', '[::1]:8080'],
  ['https://play.example', 'play.example'],
  ['https://play.example', 'play.example:443'],
  ['https://Play.Example', 'PLAY.example'],
  ['https://friend.example', 'play.example'],
])('origin %s may speak with %s', (origin, host) => {
  expect(originAllowed(origin, host, isFriend)).toBe(true);
});

it.each([
  ['null', 'play.example'],
  ['https://evil.example', 'play.example'],
  ['https://play.example.evil.example', 'play.example'],
  ['https://play.example:8443', 'play.example'],
  ['file://play.example', 'play.example'],
  ['play.example', 'play.example'],
  ['http://friend.example', 'play.example'],
  ['https://play.example', undefined],
  ['', ''],
])('origin %s may not speak with %s', (origin, host) => {
  expect(originAllowed(origin, host, isFriend)).toBe(false);
});
