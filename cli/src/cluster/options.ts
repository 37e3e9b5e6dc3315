import { isGatewayAddress, isRegion } from '@lifeverse/contracts';
import { gatewayOptions } from '@lifeverse/gateway';
import { ConfigurationError, flag, integer, list, type OptionValues } from '@lifeverse/node-kit';
import { databaseOptions } from '../database/options.ts';
import { busOptions } from '../roles/bus-options.ts';
import { accountOptions } from '../start/account-options.ts';
import {
  addressOptions,
  checkTogether,
  logOptions,
  operatorOptions,
  pageOptions,
  settingOptions,
} from '../start/options.ts';
import { ownUrl } from '../start/server-plan.ts';

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
    default: 3,
    sentence:
      'Zone servers. At its first start the world is cut into as many zones, of equal areas: one sees, hears, walks, reaches and trades over their borders. "lifeverse zones" shows and changes them.',
  }),
  gatewayUrls: list({
    expected: 'addresses such as https://eu-1.play.example, parted by commas',
    accept: isGatewayAddress,
    sentence:
      'Where players find each of the gateways, in their order. When left out, where they listen, unless --public-url names one address for all.',
  }),
  regions: list({
    expected: 'names such as eu-west,eu-east, parted by commas',
    accept: isRegion,
    sentence:
      'Gateways and zone servers stand in these in turn, as if on machines in several places; all in --region when left out.',
  }),
  json: flag({
    sentence:
      'Says what changes in lines of JSON too, one for each process; the last one: what was started again, and how often.',
  }),
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

/** Settings that exclude one another. */
export function checkCluster(options: ClusterOptions): void {
  checkTogether(options);
  const { gatewayUrls, gateways } = options;
  if (gatewayUrls.length > 0 && gatewayUrls.length !== gateways)
    throw new ConfigurationError(
      `--gateway-urls names ${gatewayUrls.length} of --gateways ${gateways}: it names all of them, or none.`,
    );
}

/** Where the gateway or the zone server at that place stands, and its successors; null: nobody has said. */
export function regionOf(
  { regions, region }: Pick<ClusterOptions, 'regions' | 'region'>,
  index: number,
): string | null {
  return regions.length === 0 ? region : (regions[index % regions.length] as string);
}

/** What the gateway at that place tells players of where it is found; null: nothing. */
export function publicUrlOf(options: ClusterOptions, index: number): string | null {
  const named = options.gatewayUrls[index];
  if (named !== undefined) return named;
  // Behind one address for all, where they listen is nobody's business.
  return options.publicUrl === null && isGatewayAddress(ownUrl(options)) ? 'listening' : null;
}
