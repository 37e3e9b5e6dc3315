import { integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

export const overloadOptions = {
  repeat: integer({ min: 1, max: 100, default: 1, sentence: 'How many times.' }),
  forS: integer({ min: 5, max: 600, default: 15, unit: 's', sentence: 'For how long there is too much to do.' }),
  toilMs: integer({
    min: 20,
    max: 1_000,
    default: 60,
    unit: 'ms',
    sentence: 'How long the rules of the world take in every tick then, which has 50 ms.',
  }),
  players: integer({ min: 2, max: 2_000, default: 8, sentence: 'How many walk meanwhile.' }),
  ...sharedOptions,
} as const;
