import type { WorldMap } from '@lifeverse/definition';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Over tiles of a metre, by sides: which way a place is from anywhere, around what is solid. */
export class WayThere {
  readonly #side: number;
  readonly #steps: Int32Array;

  /** `goals`: all of these are the place, metres. */
  constructor(map: WorldMap, isGoal: (middle: Point) => boolean) {
    this.#side = Math.ceil(map.widthMm / 1_000);
    const rows = Math.ceil(map.heightMm / 1_000);
    this.#steps = new Int32Array(this.#side * rows).fill(-1);
    const queue: number[] = [];
    const visit = (tile: number, steps: number): void => {
      const { x, y } = this.#middle(tile);
      if (this.#steps[tile] !== -1 || map.solid(x * 1_000, y * 1_000)) return;
      this.#steps[tile] = steps;
      queue.push(tile);
    };
    for (let tile = 0; tile < this.#steps.length; tile++) if (isGoal(this.#middle(tile))) visit(tile, 0);
    for (let head = 0; head < queue.length; head++) {
      const tile = queue[head] as number;
      for (const next of this.#around(tile)) visit(next, (this.#steps[tile] as number) + 1);
    }
  }

  /** In steps of a metre; infinite where no way leads from. */
  steps(from: Point): number {
    const steps = this.#steps[this.#tile(from)] ?? -1;
    return steps < 0 ? Number.POSITIVE_INFINITY : steps;
  }

  /** The middle of the tile to go to next. */
  next(from: Point): Point {
    const here = this.#tile(from);
    let best = here;
    for (const tile of this.#around(here)) {
      const steps = this.#steps[tile] ?? -1;
      if (steps >= 0 && steps < (this.#steps[best] ?? 0)) best = tile;
    }
    return this.#middle(best);
  }

  #tile({ x, y }: Point): number {
    return Math.floor(x) + Math.floor(y) * this.#side;
  }

  #middle(tile: number): Point {
    const x = tile % this.#side;
    return { x: x + 0.5, y: (tile - x) / this.#side + 0.5 };
  }

  *#around(tile: number): Generator<number> {
    const x = tile % this.#side;
    if (x > 0) yield tile - 1;
    if (x < this.#side - 1) yield tile + 1;
    if (tile >= this.#side) yield tile - this.#side;
    if (tile + this.#side < this.#steps.length) yield tile + this.#side;
  }
}
