import { flag } from '@lifeverse/node-kit';
import { databaseOptions } from '../database/options.ts';
import { busOptions } from '../roles/bus-options.ts';

/** What `lifeverse drain` can be told. */
export const drainOptions = {
  undo: flag({ sentence: 'Takes it back.' }),
  dryRun: flag({ sentence: 'Says what would be, and does nothing.' }),
  wait: flag({ sentence: 'Waits until nothing is left there; on a terminal it does so anyway.' }),
  json: flag({ sentence: 'As one object of JSON, when it is over.' }),
  ...databaseOptions,
  cluster: busOptions.cluster,
} as const;
