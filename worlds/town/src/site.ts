import type { Random } from '@lifeverse/base';

/** Tiles are one metre; (0, 0) is the south-west corner of the town, y up is north. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What lies underfoot, one number a tile. */
export const ground = { grass: 0, cobble: 1, slabs: 2, gravel: 3, earth: 4, water: 5, planks: 6, built: 7 } as const;
export type Ground = (typeof ground)[keyof typeof ground];

export type ThingKind =
  | 'house'
  | 'hall'
  | 'chapel'
  | 'rampart'
  | 'tower'
  | 'tree'
  | 'lamp'
  | 'bench'
  | 'fountain'
  | 'well'
  | 'statue'
  | 'stall'
  | 'table'
  | 'barrels'
  | 'hedge'
  | 'beds'
  | 'gazebo'
  | 'bridge';

/** How a thing fills its tiles: all of them, a disc inside them, or none (one walks over it). */
const shape: Record<ThingKind, 'box' | 'disc' | 'open'> = {
  house: 'box',
  hall: 'box',
  chapel: 'box',
  rampart: 'box',
  tower: 'box',
  tree: 'box',
  lamp: 'box',
  bench: 'box',
  fountain: 'disc',
  well: 'box',
  statue: 'box',
  stall: 'box',
  table: 'box',
  barrels: 'box',
  hedge: 'box',
  beds: 'open',
  gazebo: 'box',
  bridge: 'open',
};

/** Something that stands in the town. `variant` decides its look and nothing else. */
export interface Thing extends Rect {
  readonly kind: ThingKind;
  readonly variant: number;
}

/**
 * Where one may stop for a while, metres. `seats` people fit there; with more than one they stand in a ring and face
 * one another, alone one looks towards `facing` (0..1023, counter-clockwise from east).
 */
export interface Place {
  readonly kind: 'gather' | 'bench' | 'stall' | 'door' | 'view';
  readonly x: number;
  readonly y: number;
  readonly facing: number;
  readonly seats: number;
}

/** A town while it is being laid out: the ground, what is solid, what stands where. */
export class Site {
  readonly side: number;
  readonly ground: Uint8Array;
  readonly solid: Uint8Array;
  readonly things: Thing[] = [];
  readonly places: Place[] = [];
  /** Points that streets, alleys and paths lead through, metres. */
  readonly ways: { x: number; y: number }[] = [];
  /** Tiles where newcomers may appear. */
  readonly spawns: number[] = [];
  readonly random: Random;

  constructor(side: number, random: Random) {
    this.side = side;
    this.random = random;
    this.ground = new Uint8Array(side * side);
    this.solid = new Uint8Array(side * side);
  }

  #each(rect: Rect, visit: (tile: number, x: number, y: number) => void): void {
    const { side } = this;
    for (let y = Math.max(0, rect.y); y < Math.min(side, rect.y + rect.h); y++) {
      for (let x = Math.max(0, rect.x); x < Math.min(side, rect.x + rect.w); x++) visit(y * side + x, x, y);
    }
  }

  pave(rect: Rect, kind: Ground): void {
    this.#each(rect, (tile) => {
      this.ground[tile] = kind;
    });
  }

  /** Water is solid: nobody swims. */
  flood(rect: Rect): void {
    this.#each(rect, (tile) => {
      this.ground[tile] = ground.water;
      this.solid[tile] = 1;
    });
  }

  /** Water in an ellipse that fills the rectangle. */
  floodEllipse(rect: Rect): void {
    this.#each(rect, (tile, x, y) => {
      if (!inEllipse(rect, x, y)) return;
      this.ground[tile] = ground.water;
      this.solid[tile] = 1;
    });
  }

  /** A way across water. */
  bridge(rect: Rect, variant: number): void {
    this.#each(rect, (tile) => {
      this.ground[tile] = ground.planks;
      this.solid[tile] = 0;
    });
    this.things.push({ kind: 'bridge', ...rect, variant });
  }

  /** True when nothing solid, and no water, is in the rectangle; false beyond the edges. */
  free(rect: Rect): boolean {
    if (rect.x < 0 || rect.y < 0 || rect.x + rect.w > this.side || rect.y + rect.h > this.side) return false;
    let free = true;
    this.#each(rect, (tile) => {
      if (this.solid[tile] === 1) free = false;
    });
    return free;
  }

  /** True when the whole rectangle is of this ground. */
  all(rect: Rect, kind: Ground): boolean {
    let all = true;
    this.#each(rect, (tile) => {
      if (this.ground[tile] !== kind) all = false;
    });
    return all;
  }

  /** Paves only what was of the other kind. */
  paveOver(rect: Rect, from: Ground, to: Ground): void {
    this.#each(rect, (tile) => {
      if (this.ground[tile] === from) this.ground[tile] = to;
    });
  }

  /** The ground of a tile; grass beyond the edges. */
  groundAt(x: number, y: number): Ground {
    const inside = x >= 0 && y >= 0 && x < this.side && y < this.side;
    return inside ? (this.ground[y * this.side + x] as Ground) : ground.grass;
  }

  put(kind: ThingKind, rect: Rect, variant: number): void {
    const filled = shape[kind];
    this.things.push({ kind, x: rect.x, y: rect.y, w: rect.w, h: rect.h, variant });
    if (filled === 'open') return;
    this.#each(rect, (tile, x, y) => {
      if (filled === 'box' || inEllipse(rect, x, y)) this.solid[tile] = 1;
    });
  }

  /** Puts it if the tiles are free; says whether it did. */
  tryPut(kind: ThingKind, rect: Rect, variant: number): boolean {
    if (!this.free(rect)) return false;
    this.put(kind, rect, variant);
    return true;
  }

  /** Puts it if all around it, `marginM` far, is free and of that ground. */
  tryPutOn(kind: ThingKind, rect: Rect, on: Ground, marginM: number, variant: number): boolean {
    const around = { x: rect.x - marginM, y: rect.y - marginM, w: rect.w + 2 * marginM, h: rect.h + 2 * marginM };
    return this.all(around, on) && this.free(around) && this.tryPut(kind, rect, variant);
  }
}

/** Is the middle of the tile inside the ellipse that fills the rectangle? Integers only: doubled coordinates. */
function inEllipse(rect: Rect, x: number, y: number): boolean {
  const dx = 2 * (x - rect.x) + 1 - rect.w;
  const dy = 2 * (y - rect.y) + 1 - rect.h;
  return dx * dx * rect.h * rect.h + dy * dy * rect.w * rect.w <= rect.w * rect.w * rect.h * rect.h;
}
