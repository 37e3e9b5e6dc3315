const FIRST_MS = 250;
const LONGEST_MS = 2_000;
/** By chance, so that not all who wait for the same ask at the same moment. */
const JITTER = 0.5;

/** How long to wait before what was not there is looked for again: twice as long each time, up to a bound. */
export class Backoff {
  readonly #random: () => number;
  #nextMs = FIRST_MS;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  takeMs(): number {
    const waitMs = this.#nextMs * (1 + JITTER * this.#random());
    this.#nextMs = Math.min(LONGEST_MS, 2 * this.#nextMs);
    return waitMs;
  }
}
