import type { ZoneTree } from './zone-tree.ts';

/** Which zone has which cells. Of two, the one of the higher generation counts. */
export interface ZoneArrangement {
  /** From 1; one more with every change. */
  readonly generation: number;
  readonly zones: ZoneTree;
  /** Who had which cells in the generation before: who stood there is handed over. Null: nobody had any. */
  readonly former: ZoneTree | null;
}

/** A world that is arranged for the first time. */
export const firstArrangement = (zones: ZoneTree): ZoneArrangement => ({ generation: 1, zones, former: null });
