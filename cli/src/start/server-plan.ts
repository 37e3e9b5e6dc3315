import type { GatewaySetup } from '@lifeverse/gateway';
import type { ServedWorld } from '@lifeverse/world';
import type { ZoneThreadSetup } from '@lifeverse/zone';
import type { StartOptions } from './options.ts';
import { publicOptions, type WorldOptions } from './worlds.ts';

/** What both ways to run a server are told: what is the same in one thread and in several. */
export interface ServerPlan {
  readonly options: StartOptions;
  readonly zone: Pick<ZoneThreadSetup, 'zone' | 'epoch' | 'seed' | 'worldOptions' | 'worldName'>;
  readonly gateway: Pick<GatewaySetup, 'gateway' | 'zone' | 'layout' | 'world' | 'options' | 'assets'>;
}

const ZONE = 1;

/** What running this world takes. */
export function planServer(
  { world }: ServedWorld,
  options: StartOptions,
  forRules: WorldOptions,
  assets: string | null,
): ServerPlan {
  return {
    options,
    zone: { zone: ZONE, epoch: 1, seed: options.seed, worldName: options.world, worldOptions: forRules },
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
