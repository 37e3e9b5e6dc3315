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
  readonly backend: BackendPlan & { readonly operatorToken: string };
  readonly gateway: GatewayPlan;
}

export type BackendPlan = Omit<BackendSetup, 'bus' | 'clock' | 'log'>;
export type GatewayPlan = Pick<GatewaySetup, 'gateway' | 'zones' | 'layout' | 'world' | 'options' | 'assets'>;

/** The one that there is. */
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
export function planServer(plan: PlanOptions): ServerPlan {
  const { options, forRules, data } = plan;
  const { publicUrl, operatorToken } = options;
  const backend = planBackend({
    ...plan,
    publicUrl: publicUrl ?? ownUrl(options),
    socketFolder: data === null ? null : join(data, 'api'),
  });
  return {
    options,
    zone: { zone: ZONE, seed: options.seed, worldName: options.world, worldOptions: forRules },
    backend: { ...backend, operatorToken: operatorToken ?? randomBytes(TOKEN_BYTES).toString('base64url') },
    gateway: planGateway({ ...plan, gateway: 'gateway-1', zones: { zone: ZONE } }),
  };
}

export interface BackendPlanOptions extends Pick<PlanOptions, 'served' | 'databaseUrl' | 'providers'> {
  readonly options: Parameters<typeof accountLimits>[0] & Pick<StartOptions, 'region'>;
  readonly publicUrl: string;
  readonly socketFolder: string | null;
}

export function planBackend({
  served,
  options,
  databaseUrl,
  providers,
  publicUrl,
  socketFolder,
}: BackendPlanOptions): BackendPlan {
  const { content } = served.world.definition;
  return {
    ...(content === undefined ? {} : { content }),
    databaseUrl,
    publicUrl,
    region: options.region,
    socketFolder,
    accountLimits: accountLimits(options),
    ...(providers === undefined ? {} : { providers }),
  };
}

export interface GatewayPlanOptions extends Pick<PlanOptions, 'served' | 'forRules' | 'assets'> {
  readonly options: GatewaySetup['options'];
  readonly gateway: string;
  readonly zones: GatewaySetup['zones'];
}

export function planGateway({ served, options, forRules, assets, gateway, zones }: GatewayPlanOptions): GatewayPlan {
  const { world } = served;
  return {
    gateway,
    zones,
    layout: world.layout,
    world: {
      name: world.name,
      options: publicOptions(forRules),
      layoutFingerprint: world.fingerprint,
      mapFingerprint: world.map.fingerprint,
    },
    options,
    assets,
  };
}

/** Where it listens, as far as that is known before it does. */
export function ownUrl({ tlsCert, host, port }: Pick<StartOptions, 'tlsCert' | 'host' | 'port'>): string {
  return `${tlsCert === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
