import { defaultAccountLimits } from '@lifeverse/backend';
import { ConfigurationError, readOptions } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { accountLimits } from './account-options.ts';
import { checkTogether, startOptions } from './options.ts';

const read = (...argv: string[]) => readOptions(startOptions, argv, {});

it('limits are what they are without any option', () => {
  expect(accountLimits(read())).toEqual(defaultAccountLimits);
});

it('limits are what was set, in milliseconds', () => {
  const set = ['--log-in-longest-wait-minutes', '2', '--staff-session-hours', '3', '--guest-session-days', '4'];
  expect(accountLimits(read(...set, '--log-in-rate', '7', '--sessions-per-player', '5'))).toMatchObject({
    attempts: { longestLockMs: 120_000 },
    sessions: { staffMs: 10_800_000, guestMs: 345_600_000, perPlayer: 5 },
    logIns: { burst: 140, perS: 7 },
  });
});

it('a limit that is none is refused, by its name', () => {
  for (const [option, value] of [
    ['--sessions-per-player', '0'],
    ['--log-in-failures', 'many'],
    ['--hash-processes', '65'],
  ] as const)
    expect(() => read(option, value)).toThrow(new RegExp(`${option} must be a whole number`));
});

it('providers need an address to send players back to', () => {
  expect(() => checkTogether(read('--oidc-providers', 'x.json'))).toThrow(ConfigurationError);
  const back = (url: string) => checkTogether(read('--oidc-providers', 'x.json', '--public-url', url));
  expect(() => back('http://play.example')).toThrow('--public-url must be an https address');
  back('https://play.example');
  back('http://127.0.0.1:8080');
});
