import { integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

export const borderStormOptions = {
  repeat: integer({ min: 1, max: 1_000, default: 2, sentence: 'How many stretches of time are looked at.' }),
  forS: integer({ min: 5, max: 3_600, default: 30, unit: 's', sentence: 'How long each of them is.' }),
  players: integer({ min: 2, max: 2_000, default: 12, sentence: 'How many pace over the border.' }),
  ...sharedOptions,
} as const;
