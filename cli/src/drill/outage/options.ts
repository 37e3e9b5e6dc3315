import { integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

const shared = {
  repeat: integer({ min: 1, max: 1_000, default: 2, sentence: 'How many times it is taken away, each way in turn.' }),
  players: integer({ min: 2, max: 2_000, default: 8, sentence: 'How many walk and give coins meanwhile.' }),
  ...sharedOptions,
} as const;

export const restartOptions = shared;

export const lossOptions = {
  forS: integer({ min: 1, max: 3_600, default: 60, unit: 's', sentence: 'For how long it is gone, each time.' }),
  ...shared,
} as const;

export const slowOptions = {
  forS: integer({ min: 1, max: 3_600, default: 20, unit: 's', sentence: 'For how long it is slow, each time.' }),
  delayMs: integer({
    min: 10,
    max: 10_000,
    default: 250,
    unit: 'ms',
    sentence: 'By how much every answer of the database comes late then.',
  }),
  ...shared,
} as const;
