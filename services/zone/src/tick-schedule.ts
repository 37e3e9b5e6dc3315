/** What is to be done now: these ticks, after so many were left out. */
export interface DueTicks {
  readonly first: number;
  readonly count: number;
  readonly skipped: number;
}

/** Steps that may make up for a pause; what is older is skipped. */
const CATCH_UP_STEPS = 2;

/**
 * Which ticks are due. Tick n begins at n periods of server time, whatever happened before: a pause shortens no later
 * tick and moves none.
 */
export class TickSchedule {
  readonly #periodMs: number;
  #last: number;

  /** The first tick is the next one after `nowMs`. */
  constructor(periodMs: number, nowMs: number) {
    this.#periodMs = periodMs;
    this.#last = Math.floor(nowMs / periodMs);
  }

  /** How long until the next tick is due; negative when it is late. */
  untilNextMs(nowMs: number): number {
    return (this.#last + 1) * this.#periodMs - nowMs;
  }

  /** Takes what is due; `count` is 0 when nothing is. */
  take(nowMs: number): DueTicks {
    const current = Math.floor(nowMs / this.#periodMs);
    const behind = current - this.#last;
    if (behind <= 0) return { first: this.#last + 1, count: 0, skipped: 0 };
    const count = Math.min(behind, 1 + CATCH_UP_STEPS);
    this.#last = current;
    return { first: current - count + 1, count, skipped: behind - count };
  }
}
