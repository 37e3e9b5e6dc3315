import { gatewayOptions } from '@lifeverse/gateway';
import { flag, integer, type OptionValues } from '@lifeverse/node-kit';
import { databaseOptions } from '../database/options.ts';
import { busOptions } from '../roles/bus-options.ts';
import { accountOptions } from '../start/account-options.ts';
import { addressOptions, logOptions, operatorOptions, pageOptions, settingOptions } from '../start/options.ts';

/** What `lifeverse cluster` can be told. */
export const clusterOptions = {
  gateways: integer({
    min: 1,
    max: 64,
    default: 2,
    sentence: 'Gateways; the first listens on --port, the others on free ports behind it.',
  }),
  zoneServers: integer({
    min: 1,
    max: 64,
    default: 1,
    sentence:
      'Zone servers; the world is cut into as many zones, of equal areas. One sees, hears, walks, reaches and trades over their borders.',
  }),
  json: flag({ sentence: 'Ends with a line of JSON: what was started again, and how often.' }),
  ...settingOptions,
  ...pageOptions,
  ...databaseOptions,
  ...busOptions,
  ...addressOptions,
  ...operatorOptions,
  ...accountOptions,
  ...logOptions,
  ...gatewayOptions,
} as const;

export type ClusterOptions = OptionValues<typeof clusterOptions>;
