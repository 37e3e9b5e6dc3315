import { integer, list } from '@lifeverse/node-kit';
import { kinds } from '../../cluster/fleet.ts';
import { isKind } from '../../cluster/orders.ts';
import { sharedOptions } from '../shared-options.ts';

export const rollingReplaceOptions = {
  repeat: integer({ min: 1, max: 100, default: 1, sentence: 'How many times every process is replaced.' }),
  players: integer({
    min: 2,
    max: 2_000,
    default: 8,
    sentence: 'How many walk meanwhile, half of them by each gateway.',
  }),
  zoneServers: integer({ min: 1, max: 16, default: 2, sentence: 'Zone servers, with a zone each to begin with.' }),
  only: list({
    expected: `of ${kinds.join(', ')}, parted by commas`,
    accept: isKind,
    sentence: 'Which are replaced; all when left out.',
  }),
  ...sharedOptions,
} as const;
