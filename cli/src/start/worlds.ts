import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '@lifeverse/node-kit';
import { open } from '@lifeverse/open';
import { rules as openRules } from '@lifeverse/open/server';
import { town } from '@lifeverse/town';
import { rules as townRules } from '@lifeverse/town/server';
import type { ServedWorld } from '@lifeverse/world';
import type { StartOptions } from './options.ts';
import { isWorldModule } from './world-module.ts';

const OPEN_AREA_M2 = 1_000_000;

export type WorldOptions = Readonly<Record<string, string | number>>;

/** What the rules of the world may ask for, and `served` builds it from. */
export function worldOptions({
  world,
  areaM2,
  residents,
  storm,
}: Pick<StartOptions, 'world' | 'areaM2' | 'residents' | 'storm'>): WorldOptions {
  if (world === 'open') return { areaM2: areaM2 ?? OPEN_AREA_M2, storm: storm ? 1 : 0 };
  return areaM2 === null ? { residents } : { areaM2, residents };
}

/** What a client needs to know to have the same world. */
export function publicOptions({ areaM2 }: WorldOptions): WorldOptions {
  return areaM2 === undefined ? {} : { areaM2 };
}

/** The world by that name, or of that module, with its rules; called by whichever thread runs them. */
export async function served(name: string, { areaM2, storm }: WorldOptions): Promise<ServedWorld> {
  if (isWorldModule(name)) return ownWorld(name);
  if (name === 'open') return erased(openRules(open({ areaM2: Number(areaM2) }), { storm: storm === 1 }));
  return erased(townRules(town(areaM2 === undefined ? {} : { areaM2: Number(areaM2) })));
}

async function ownWorld(path: string): Promise<ServedWorld> {
  let module: { readonly default?: Partial<ServedWorld> };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new ConfigurationError(`--world: ${path} cannot be loaded: ${String(error).split('\n')[0]}`);
  }
  const { world, rules } = module.default ?? {};
  if (world === undefined || rules === undefined) {
    throw new ConfigurationError(`--world: the default export of ${path} is not what serve() returns.`);
  }
  return { world, rules };
}

// Rules are written against the types of their own world; who only runs them knows no more than that it is one.
function erased(world: { readonly world: unknown; readonly rules: unknown }): ServedWorld {
  return world as ServedWorld;
}
