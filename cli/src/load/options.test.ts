import { ConfigurationError, readOptions } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { loadOptions, playerCount, rampMs } from './options.ts';

const read = (...argv: string[]) => readOptions(loadOptions, argv, {});

it('has a default for everything', () => {
  const options = read();
  expect(options).toMatchObject({ url: 'http://127.0.0.1:8080', seconds: 30, json: false, trace: null });
  expect(playerCount(options, null)).toBe(100);
  expect(rampMs(options, 100)).toBe(1_000);
});

it('takes what it is told', () => {
  const options = read('--url', 'https://[::1]:9/', '--players', '1000', '--seconds=5', '--ramp-s', '0', '--json');
  expect(options).toMatchObject({ url: 'https://[::1]:9/', players: 1_000, seconds: 5, rampS: 0, json: true });
  expect(playerCount(options, 7)).toBe(1_000);
  expect(rampMs(options, 1_000)).toBe(0);
});

it('has a player for each of a trace, and joins a hundred a second for half a minute at most', () => {
  expect(playerCount(read('--trace', 'walk.csv'), 7)).toBe(7);
  expect(rampMs(read(), 250)).toBe(2_500);
  expect(rampMs(read(), 10_000)).toBe(30_000);
});

it.each([
  [['--players', '0'], '--players must be a whole number from 1 to 100000, not "0".'],
  [['--seconds', '-3'], '--seconds must be a whole number from 1 to 604800, not "-3".'],
  [['--url', 'ftp://x'], '--url must be an address such as http://127.0.0.1:8080, not "ftp://x".'],
  [['--player', '3'], '--player is no option; --help lists them.'],
])('refuses %j', (argv, sentence) => {
  expect(() => read(...argv)).toThrow(new ConfigurationError(sentence));
});
