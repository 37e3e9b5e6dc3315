import { assert } from '@lifeverse/base';
import { canonical, fingerprint } from '@lifeverse/protocol';

/** Where an avatar stands, integer millimetres. */
export interface Body {
  x: number;
  y: number;
}

/**
 * An immutable ground plan: a rectangle from (0, 0), some of its square tiles solid. Collision is against the map
 * only, in integers, and the same on server and client.
 */
export interface WorldMap {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Content hash, part of the world's fingerprint. */
  readonly fingerprint: string;
  /** Where newcomers may appear, millimetres; at least one. */
  readonly spawns: readonly Readonly<Body>[];
  /** True where nothing can stand, beyond the edges too. */
  solid(xMm: number, yMm: number): boolean;
  /** Moves the body, a square of half-width `radiusMm`, by at most one tile; along a wall where it meets one. */
  slide(body: Body, dxMm: number, dyMm: number, radiusMm: number): void;
  /** True when a body of that half-width fits there. */
  fits(xMm: number, yMm: number, radiusMm: number): boolean;
}

/** An open plain of the given area, square. */
export function plain(options: { areaM2: number }): WorldMap {
  const sideMm = Math.max(8_000, Math.round(Math.sqrt(options.areaM2) * 1_000));
  return new TileMap({ tileM: 1, columns: Math.ceil(sideMm / 1_000), rows: Math.ceil(sideMm / 1_000), solid: [] });
}

export interface TilePlan {
  readonly tileM: number;
  readonly columns: number;
  readonly rows: number;
  /** Solid tiles as `row * columns + column`. */
  readonly solid: Iterable<number>;
  /** Tiles, as above, where newcomers may appear; the middle of the map when left out. */
  readonly spawns?: Iterable<number>;
}

export class TileMap implements WorldMap {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly fingerprint: string;
  readonly spawns: readonly Readonly<Body>[];
  readonly #tileMm: number;
  readonly #columns: number;
  readonly #solid: Uint8Array | null;

  constructor(plan: TilePlan) {
    const { tileM, columns, rows } = plan;
    assert(
      tileM > 0 && columns >= 1 && rows >= 1 && columns * tileM <= 1_000_000 && rows * tileM <= 1_000_000,
      'map: up to 1,000 km a side',
    );
    this.#tileMm = Math.round(tileM * 1_000);
    this.#columns = columns;
    this.widthMm = columns * this.#tileMm;
    this.heightMm = rows * this.#tileMm;
    const solid = [...plan.solid];
    this.#solid = solid.length === 0 ? null : new Uint8Array(columns * rows);
    for (const tile of solid) (this.#solid as Uint8Array)[tile] = 1;
    const spawns = [...(plan.spawns ?? [])];
    assert(
      [...solid, ...spawns].every((tile) => Number.isInteger(tile) && tile >= 0 && tile < columns * rows),
      'map: a tile lies outside of the plan',
    );
    assert(!spawns.some((tile) => this.#solid?.[tile] === 1), 'map: newcomers would appear inside of something');
    this.spawns =
      spawns.length > 0 ? spawns.map((tile) => this.#middle(tile)) : [{ x: this.widthMm >> 1, y: this.heightMm >> 1 }];
    this.fingerprint = fingerprint(canonical({ tileM, columns, rows, solid, spawns }));
  }

  #middle(tile: number): Body {
    const column = tile % this.#columns;
    const row = (tile - column) / this.#columns;
    return { x: Math.floor((column + 0.5) * this.#tileMm), y: Math.floor((row + 0.5) * this.#tileMm) };
  }

  solid(xMm: number, yMm: number): boolean {
    if (xMm < 0 || yMm < 0 || xMm >= this.widthMm || yMm >= this.heightMm) return true;
    if (this.#solid === null) return false;
    return this.#solid[Math.floor(yMm / this.#tileMm) * this.#columns + Math.floor(xMm / this.#tileMm)] === 1;
  }

  fits(xMm: number, yMm: number, radiusMm: number): boolean {
    if (xMm < radiusMm || yMm < radiusMm || xMm >= this.widthMm - radiusMm || yMm >= this.heightMm - radiusMm)
      return false;
    if (this.#solid === null) return true;
    const left = Math.floor((xMm - radiusMm) / this.#tileMm);
    const right = Math.floor((xMm + radiusMm) / this.#tileMm);
    const bottom = Math.floor((yMm - radiusMm) / this.#tileMm);
    const top = Math.floor((yMm + radiusMm) / this.#tileMm);
    for (let row = bottom; row <= top; row++) {
      for (let column = left; column <= right; column++) {
        if (this.#solid[row * this.#columns + column] === 1) return false;
      }
    }
    return true;
  }

  slide(body: Body, dxMm: number, dyMm: number, radiusMm: number): void {
    const step = this.#tileMm;
    const dx = Math.max(-step, Math.min(step, dxMm));
    const dy = Math.max(-step, Math.min(step, dyMm));
    if (this.fits(body.x + dx, body.y + dy, radiusMm)) {
      body.x += dx;
      body.y += dy;
    } else {
      body.x += this.#reach(body, dx, 0, radiusMm);
      body.y += this.#reach(body, 0, dy, radiusMm);
    }
  }

  /** The longest part of one axis's movement that fits, by halving: a body comes to rest within a millimetre of a wall. */
  #reach(body: Body, dx: number, dy: number, radiusMm: number): number {
    const wish = dx + dy;
    if (wish === 0) return 0;
    if (this.fits(body.x + dx, body.y + dy, radiusMm)) return wish;
    const sign = wish < 0 ? -1 : 1;
    let free = 0;
    let blocked = wish * sign;
    while (blocked - free > 1) {
      const middle = (free + blocked) >> 1;
      const fits = this.fits(
        body.x + (dx === 0 ? 0 : middle * sign),
        body.y + (dy === 0 ? 0 : middle * sign),
        radiusMm,
      );
      if (fits) free = middle;
      else blocked = middle;
    }
    return free * sign;
  }
}
