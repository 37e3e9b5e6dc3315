import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BackendSetup } from '@lifeverse/backend';
import type { GatewaySetup } from '@lifeverse/gateway';
import type { ServedWorld } from '@lifeverse/world';
import type { ZoneThreadSetup } from '@lifeverse/zone';
import { accountLimits } from './account-options.ts';
import type { StartOptions } from './options.ts';
import { publicOptions, type WorldOptions } from './worlds.ts';

/** What both ways to run a server are told: what is the same in one thread and in several. */
export interface ServerPlan {
  readonly options: StartOptions;
  readonly zone: Pick<ZoneThreadSetup, 'zone' | 'seed' | 'worldOptions' | 'worldName'>;
  readonly backend: Pick<
    BackendSetup,
    'databaseUrl' | 'publicUrl' | 'region' | 'socketFolder' | 'accountLimits' | 'providers' | 'patience' | 'content'
  > & {
    readonly operatorToken: string;
  };
  readonly gateway: Pick<GatewaySetup, 'gateway' | 'zone' | 'layout' | 'world' | 'options' | 'assets'>;
}

const ZONE = 1;
const TOKEN_BYTES = 32;

export interface PlanOptions {
  readonly served: ServedWorld;
  readonly options: StartOptions;
  readonly forRules: WorldOptions;
  /** Folder of the built page; null when there is none. */
  readonly assets: string | null;
  readonly databaseUrl: string;
  /** The folder that this server alone uses; null when there is none. */
  readonly data: string | null;
  readonly providers?: BackendSetup['providers'];
}

/** What running this world takes. */
export function planServer({
  served,
  options,
  forRules,
  assets,
  databaseUrl,
  data,
  providers,
}: PlanOptions): ServerPlan {
  const { world } = served;
  return {
    options,
    zone: { zone: ZONE, seed: options.seed, worldName: options.world, worldOptions: forRules },
    backend: {
      ...(world.definition.content === undefined ? {} : { content: world.definition.content }),
      databaseUrl,
      publicUrl: options.publicUrl ?? ownUrl(options),
      region: options.region,
      socketFolder: data === null ? null : join(data, 'api'),
      accountLimits: accountLimits(options),
      ...(providers === undefined ? {} : { providers }),
      operatorToken: options.operatorToken ?? randomBytes(TOKEN_BYTES).toString('base64url'),
    },
    gateway: {
      gateway: 'gateway-1',
      zone: ZONE,
      layout: world.layout,
      world: {
        name: world.name,
        options: publicOptions(forRules),
        layoutFingerprint: world.fingerprint,
        mapFingerprint: world.map.fingerprint,
      },
      options,
      assets,
    },
  };
}

function ownUrl({ tlsCert, host, port }: StartOptions): string {
  return `${tlsCert === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
