import type { Trace } from './parse-trace.ts';

/** A rectangle of the world to fit a trace into, metres from its lower left corner. */
export interface Ground {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Copies that do not find a tile of their own stand so far beside an earlier one. */
const BESIDE_M = 2;
const SMALLEST_TILE_M = 1;

/**
 * Lays a recorded area over the world: shifted to its corner, repeated as tiles for as many copies as there are, and
 * folded back at the border where it is larger than the world, so that a way stays one way.
 */
export class Tiling {
  readonly #ground: Ground;
  readonly #minX: number;
  readonly #minY: number;
  readonly #tileWidth: number;
  readonly #tileHeight: number;
  readonly #columns: number;
  readonly #rows: number;

  constructor({ tracks }: Trace, ground: Ground) {
    this.#ground = ground;
    const across = extent(tracks.map(({ xM }) => xM));
    const up = extent(tracks.map(({ yM }) => yM));
    this.#minX = across.min;
    this.#minY = up.min;
    this.#tileWidth = Math.max(SMALLEST_TILE_M, across.max - across.min);
    this.#tileHeight = Math.max(SMALLEST_TILE_M, up.max - up.min);
    this.#columns = Math.max(1, Math.floor(ground.width / this.#tileWidth));
    this.#rows = Math.max(1, Math.floor(ground.height / this.#tileHeight));
  }

  /** Turns a recorded place into one of the world, for the copy of that number, from 0. */
  place(copy: number, point: { x: number; y: number }): void {
    const column = copy % this.#columns;
    const row = Math.floor(copy / this.#columns) % this.#rows;
    const layer = Math.floor(copy / (this.#columns * this.#rows));
    const { x, y, width, height } = this.#ground;
    point.x = x + folded(point.x - this.#minX + column * this.#tileWidth + layer * BESIDE_M, width);
    point.y = y + folded(point.y - this.#minY + row * this.#tileHeight + layer * BESIDE_M, height);
  }
}

function extent(columns: readonly Float64Array[]): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return { min, max };
}

/** A non-negative length along a line that turns back at `most` and at 0. */
function folded(length: number, most: number): number {
  const within = length % (2 * most);
  return within <= most ? within : 2 * most - within;
}
