import { expect, it } from 'vitest';
import { toldAddresses } from './told-addresses.ts';

const taken = (told: readonly string[], by: string): string[] =>
  toldAddresses(told, new URL(by)).map(({ origin }) => origin);

it.each([
  ['https://play.example', ['https://eu-1.play.example', 'https://eu-2.play.example:8443', 'https://[2001:db8::1]']],
  ['http://192.0.2.1:8080', ['http://192.0.2.2:8080', 'https://play.example']],
  ['http://127.0.0.1:8080', ['http://127.0.0.1:8081', 'http://localhost:8082', 'http://[::1]:8083']],
])('takes what %s tells', (by, told) => {
  expect(taken(told, by)).toEqual(told);
  expect(taken([...told, ...told], by)).toEqual(told);
});

it.each([
  ['a path', 'https://evil.example/world'],
  ['a name and a password', 'https://ann:hush@evil.example'],
  ['an upper-case name', 'https://Evil.example'],
  ['a port that goes without saying', 'https://evil.example:443'],
  ['another protocol', 'ftp://evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['a file', 'file:///etc/passwd'],
  ['no encryption where there was some', 'http://evil.example'],
  ["the player's own machine", 'https://127.0.0.1:8443'],
  ["the player's own machine by another name", 'https://any.localhost'],
  ["the player's own machine by IPv6", 'https://[::1]'],
  ["the player's own machine as a number", 'https://2130706433'],
  ['nothing', ''],
  ['no address', 'play.example'],
  ['a long one', `https://${'a.'.repeat(150)}example`],
])('takes none with %s', (_what, address) => {
  expect(taken([address, 'https://eu-1.play.example'], 'https://play.example')).toEqual(['https://eu-1.play.example']);
});

it('takes no more than 64', () => {
  const many = Array.from({ length: 100 }, (_, index) => `https://g${index}.play.example`);
  expect(taken(many, 'https://play.example')).toEqual(many.slice(0, 64));
});
