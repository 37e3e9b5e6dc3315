/** Of so many events that lie back the least, the rate is told: what was longer ago says less. */
const MOST = 256;
const USUAL_LONGEST_MS = 600_000;
const SHORTEST_MS = 30_000;

/** How often something happened lately, and from how many times that is known. */
export interface MeasuredRate {
  readonly perS: number;
  readonly count: number;
}

/** Counts what happens, in bounded memory. */
export class EventRate {
  readonly #atMs: number[] = [];
  readonly #sinceMs: number;
  readonly #longestMs: number;

  /** `longestMs`: what lies back further is not looked at. */
  constructor(nowMs: number, longestMs = USUAL_LONGEST_MS) {
    this.#sinceMs = nowMs;
    this.#longestMs = longestMs;
  }

  add(nowMs: number, times = 1): void {
    for (let i = 0; i < Math.min(times, MOST + 1); i++) this.#atMs.push(nowMs);
    if (this.#atMs.length > 2 * MOST) this.#atMs.splice(0, this.#atMs.length - MOST - 1);
  }

  lately(nowMs: number): MeasuredRate {
    const oldest = this.#atMs.length > MOST ? (this.#atMs.at(-MOST - 1) as number) : this.#sinceMs;
    const sinceMs = Math.min(Math.max(oldest, nowMs - this.#longestMs), nowMs - SHORTEST_MS);
    const fromMs = Math.max(sinceMs, this.#sinceMs);
    let count = 0;
    for (let i = this.#atMs.length - 1; i >= 0 && (this.#atMs[i] as number) > fromMs; i--) count++;
    return { perS: nowMs > fromMs ? (count * 1_000) / (nowMs - fromMs) : 0, count };
  }
}
