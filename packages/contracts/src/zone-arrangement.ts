import { type ZoneTree, zonesIn } from './zone-tree.ts';

/** Which zone has which cells. Of two, the one of the higher generation counts. */
export interface ZoneArrangement {
  /** From 1; one more with every change. */
  readonly generation: number;
  readonly zones: ZoneTree;
  /** Who had which cells in the generation before: who stood there is handed over. Null: nobody had any. */
  readonly former: ZoneTree | null;
  /** The number of the next new zone: none is ever used again, and whoever is told of a higher one has not heard of it yet. */
  readonly nextZone: number;
}

/** A world that is arranged for the first time. */
export function firstArrangement(zones: ZoneTree): ZoneArrangement {
  return { generation: 1, zones, former: null, nextZone: Math.max(...zonesIn(zones)) + 1 };
}

/** All zones that have cells, or had some before. */
export function zonesOf({ zones, former }: ZoneArrangement): number[] {
  return [...new Set([...zonesIn(zones), ...(former === null ? [] : zonesIn(former))])];
}
