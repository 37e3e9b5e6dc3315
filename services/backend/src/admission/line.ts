/** Who waits, in one line of several. */
export interface Waiter {
  readonly subject: string;
  /** When they first asked to come in, and a number drawn then: their place, against everyone else's in the lane. */
  readonly arrivedMs: number;
  readonly tie: number;
}

function before(a: Waiter, b: Waiter): boolean {
  return a.arrivedMs < b.arrivedMs || (a.arrivedMs === b.arrivedMs && a.tie < b.tie);
}

/** First come, first served, by when they came: also for those whose arrival becomes known later than others'. */
export class Line<W extends Waiter> {
  readonly #waiters: W[] = [];

  get length(): number {
    return this.#waiters.length;
  }

  get first(): W | undefined {
    return this.#waiters[0];
  }

  add(waiter: W): void {
    const last = this.#waiters.at(-1);
    if (last === undefined || before(last, waiter)) this.#waiters.push(waiter);
    else this.#waiters.splice(this.#indexOf(waiter), 0, waiter);
  }

  remove(waiter: W): void {
    const index = this.#indexOf(waiter);
    if (this.#waiters[index] === waiter) this.#waiters.splice(index, 1);
  }

  /** How many come before this one. */
  ahead(waiter: W): number {
    return this.#indexOf(waiter);
  }

  #indexOf(waiter: W): number {
    let [low, high] = [0, this.#waiters.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(this.#waiters[middle] as W, waiter)) low = middle + 1;
      else high = middle;
    }
    // Two who came in the same millisecond and drew the same number: whichever stands there first.
    while (
      this.#waiters[low] !== undefined &&
      this.#waiters[low] !== waiter &&
      !before(waiter, this.#waiters[low] as W)
    )
      low++;
    return low;
  }
}
