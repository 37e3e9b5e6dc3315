import type { World } from '@lifeverse/definition';
import { open } from '@lifeverse/open';
import { rules as openRules } from '@lifeverse/open/server';
import { town } from '@lifeverse/town';
import { rules as townRules } from '@lifeverse/town/server';
import type { ServedWorld } from '@lifeverse/world';
import { yard } from './yard.ts';
import { rules as yardRules } from './yard-rules.ts';

export const worldNames = ['open', 'town', 'yard'] as const;
export type WorldName = (typeof worldNames)[number];

const M2_PER_PLAYER = 1_000;
const LEAST_M2 = 40_000;

/** A world with its rules, of the size that so many players need to meet about 20 others each. */
export interface Stage {
  readonly world: World;
  /** Fresh rules for a zone: nothing that they remember is shared. */
  serve(): ServedWorld;
}

export function stage(name: WorldName, players: number): Stage {
  const areaM2 = Math.max(LEAST_M2, players * M2_PER_PLAYER);
  switch (name) {
    case 'open': {
      const world = open({ areaM2 });
      return erased(world, () => openRules(world));
    }
    case 'town': {
      const world = town({ areaM2 });
      return erased(world, () => townRules(world));
    }
    case 'yard': {
      const world = yard({ areaM2 });
      return erased(world, () => yardRules(world));
    }
  }
}

/** The simulator takes any world: what it sends is checked against the layout, not by types. */
function erased(world: unknown, serve: () => unknown): Stage {
  return { world: world as World, serve: () => serve() as ServedWorld };
}
