import { certificatePaths, gatewayOptions } from '@lifeverse/gateway';
import {
  ConfigurationError,
  choice,
  flag,
  integer,
  logLevels,
  type OptionValues,
  optionalInteger,
  optionalText,
  text,
} from '@lifeverse/node-kit';
import { databaseOptions } from '../database/options.ts';
import { accountOptions } from './account-options.ts';
import { isOwnMachine } from './oidc-providers.ts';
import { isWorldModule } from './world-module.ts';

/** Which world it is, and what is in it. */
export const settingOptions = {
  world: text({
    expected: 'town, open, or the path of a module (.ts, .js)',
    default: 'town',
    accept: (value) => value === 'town' || value === 'open' || isWorldModule(value),
    sentence:
      'The town, a plain for measuring (open), or a world of your own: a module that exports what serve() returns.',
  }),
  residents: integer({ min: 0, max: 5_000, default: 200, sentence: 'How many people live in the town.' }),
  areaM2: optionalInteger({
    min: 64,
    max: 1_000_000_000,
    unit: 'm2',
    sentence: 'Size of the world; the town has 48,400 m2 when left out, the plain a square kilometre.',
  }),
  storm: flag({ sentence: 'On the plain: turns everyone who walks aside in every tick, against all prediction.' }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of all chance in the world.' }),
} as const;

const ownerOptions = {
  serverName: optionalText({
    expected: 'a name',
    sentence:
      'What this server is called as the owner of its zone: on a database of your own, one that was killed is replaced at once by the next of the same name, and else once its lease is over.',
  }),
} as const;

export const pageOptions = {
  page: optionalText({
    expected: 'the path of a folder',
    sentence: 'A built page to serve; when left out, the one of this repository, built anew after changes.',
  }),
} as const;

export const addressOptions = {
  publicUrl: optionalText({
    expected: 'an address such as https://play.example',
    sentence: 'Where browsers find this server, when that is not --host and --port; providers send players back there.',
  }),
} as const;

export const operatorOptions = {
  operatorToken: optionalText({
    expected: 'text that nobody can guess',
    secret: true,
    sentence:
      'Who brings it is not slowed down as a peer: for "lifeverse load" from elsewhere. On this machine it finds the one that is made at each start.',
  }),
} as const;

export const logOptions = {
  logLevel: choice({ options: logLevels, default: 'info', sentence: 'What is logged, on standard error.' }),
} as const;

/** What `lifeverse start` can be told. */
export const startOptions = {
  ...settingOptions,
  threads: flag({ sentence: 'Gives zone and gateway a thread each.' }),
  ...ownerOptions,
  ...pageOptions,
  ...databaseOptions,
  ...addressOptions,
  ...operatorOptions,
  ...accountOptions,
  ...logOptions,
  ...gatewayOptions,
} as const;

export type StartOptions = OptionValues<typeof startOptions>;

/** Settings that exclude one another. */
export function checkTogether(options: Omit<StartOptions, 'threads' | 'serverName'>): void {
  checkSetting(options);
  certificatePaths(options);
  checkPublicUrl(options);
}

export function checkSetting({ storm, world }: Pick<StartOptions, 'storm' | 'world'>): void {
  if (storm && world !== 'open') throw new ConfigurationError('--storm needs --world open.');
}

export function checkPublicUrl(options: Pick<StartOptions, 'publicUrl' | 'oidcProviders'>): void {
  if (options.publicUrl !== null && !isWebOrigin(options.publicUrl))
    throw new ConfigurationError('--public-url must be an address such as https://play.example, without a path.');
  if (options.oidcProviders !== null && options.publicUrl === null)
    throw new ConfigurationError('--oidc-providers needs --public-url: providers send players back there.');
  if (options.oidcProviders !== null && !isSafeToReturnTo(options.publicUrl ?? ''))
    throw new ConfigurationError(
      '--public-url must be an https address with --oidc-providers, except on this machine.',
    );
}

/** What a provider sends along with a player opens an account: it must not be read on its way. */
function isSafeToReturnTo(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' || isOwnMachine(hostname);
}

function isWebOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
