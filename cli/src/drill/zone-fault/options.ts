import { flag, integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

const shared = {
  repeat: integer({ min: 1, max: 1_000, default: 2, sentence: 'How many times.' }),
  players: integer({ min: 2, max: 2_000, default: 12, sentence: 'How many walk and give coins meanwhile.' }),
  zoneServers: integer({ min: 3, max: 16, default: 3, sentence: 'Zone servers, with a zone each to begin with.' }),
  ...sharedOptions,
} as const;

export const killedOptions = {
  restartDelayMs: integer({
    min: 0,
    max: 30_000,
    default: 0,
    unit: 'ms',
    sentence:
      'For how long the supervisor is held with each kill: what was killed is away for so long, as when its machine is gone.',
  }),
  ...shared,
} as const;

/** Two zone servers in each of two regions. */
export const regionOptions = {
  ...killedOptions,
  restartDelayMs: integer({
    min: 0,
    max: 60_000,
    default: 8_000,
    unit: 'ms',
    sentence: 'For how long the region is gone, each time.',
  }),
  zoneServers: integer({
    min: 4,
    max: 16,
    default: 4,
    sentence: 'Zone servers, with a zone each to begin with, half of them in each of two regions.',
  }),
} as const;

export const pausedOptions = {
  beyondMs: integer({
    min: 0,
    max: 30_000,
    default: 1_000,
    unit: 'ms',
    sentence: 'For how long it stays stopped once others speak for its zones.',
  }),
  ...shared,
} as const;

export const partedOptions = {
  beyondMs: integer({
    min: 0,
    max: 60_000,
    default: 3_000,
    unit: 'ms',
    sentence: 'For how long it stays parted once others speak for its zone.',
  }),
  proxy: flag({ sentence: 'Parts it by a proxy also where network namespaces are allowed (Linux, root).' }),
  ...shared,
  repeat: integer({
    min: 1,
    max: 1_000,
    default: 3,
    sentence:
      'How many times: nothing gets through either way, then nothing that it says, then nothing that it is told.',
  }),
} as const;
