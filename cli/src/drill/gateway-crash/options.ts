import { integer } from '@lifeverse/node-kit';
import { sharedOptions } from '../shared-options.ts';

export const gatewayCrashOptions = {
  repeat: integer({
    min: 1,
    max: 100,
    default: 2,
    sentence: 'How many times a gateway is killed, one and then the other.',
  }),
  restartDelayMs: integer({
    min: 0,
    max: 30_000,
    default: 0,
    unit: 'ms',
    sentence: 'For how long the supervisor is held with each kill, so that the gateway is not started again sooner.',
  }),
  players: integer({
    min: 2,
    max: 2_000,
    default: 8,
    sentence: 'How many walk meanwhile, half of them by each gateway.',
  }),
  ...sharedOptions,
} as const;
