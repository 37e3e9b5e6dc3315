import { quantile, Random } from '@lifeverse/base';

const CAPACITY = 100_000;

/**
 * Samples of a figure, however many: beyond the capacity each one has the same chance of being kept (Vitter's
 * algorithm R), so that a run of hours costs as much memory as one of seconds.
 */
export class Samples {
  readonly #capacity: number;
  readonly #random = new Random(1);
  readonly #kept: number[] = [];
  #seen = 0;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /** How many there were. */
  get count(): number {
    return this.#seen;
  }

  add(value: number): void {
    this.#seen++;
    if (this.#kept.length < this.#capacity) {
      this.#kept.push(value);
      return;
    }
    const place = this.#random.below(this.#seen);
    if (place < this.#capacity) this.#kept[place] = value;
  }

  clear(): void {
    this.#kept.length = 0;
    this.#seen = 0;
  }

  /** Null when there were none. */
  quantile(q: number): number | null {
    return quantile(this.#kept, q);
  }
}
