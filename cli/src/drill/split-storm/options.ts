import { integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

export const splitStormOptions = {
  repeat: integer({
    min: 1,
    max: 300,
    default: 3,
    sentence: 'How many changes: a zone is split, its new half is moved, and the two are made one again, in turn.',
  }),
  players: integer({
    min: 2,
    max: 2_000,
    default: 8,
    sentence: 'How many walk meanwhile, half of them by each gateway.',
  }),
  zoneServers: integer({ min: 2, max: 16, default: 2, sentence: 'Zone servers, with a zone each to begin with.' }),
  ...sharedOptions,
} as const;
