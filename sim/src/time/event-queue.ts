/** What is to happen at a moment. Objects that come again and again are queued again: nothing is allocated for them. */
export interface Due {
  due(nowMs: number): void;
}

/** Events in the order of their time; those of the same time in the order in which they were pushed. A binary heap. */
export class EventQueue {
  readonly #atMs: number[] = [];
  readonly #order: number[] = [];
  readonly #due: Due[] = [];
  #pushed = 0;

  get length(): number {
    return this.#due.length;
  }

  /** Infinity when there is none. */
  get nextMs(): number {
    return this.#due.length === 0 ? Number.POSITIVE_INFINITY : this.#atMs[0];
  }

  push(atMs: number, due: Due): void {
    const order = this.#pushed++;
    let at = this.#due.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#atMs[parent] <= atMs) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, atMs, order, due);
  }

  /** The first event, removed; undefined when there is none. */
  pop(): Due | undefined {
    const first = this.#due[0];
    const atMs = this.#atMs.pop();
    const order = this.#order.pop();
    const last = this.#due.pop();
    if (atMs === undefined || order === undefined || last === undefined) return undefined;
    if (this.#due.length > 0) this.#sink(atMs, order, last);
    return first;
  }

  /** The place of the removed first event goes to whoever comes next, and so on down. */
  #sink(atMs: number, order: number, due: Due): void {
    const end = this.#due.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= end) break;
      if (child + 1 < end && this.#before(child + 1, this.#atMs[child], this.#order[child])) child++;
      if (!this.#before(child, atMs, order)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#put(at, atMs, order, due);
  }

  #before(at: number, atMs: number, order: number): boolean {
    return this.#atMs[at] < atMs || (this.#atMs[at] === atMs && this.#order[at] < order);
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#atMs[from], this.#order[from], this.#due[from]);
  }

  #put(at: number, atMs: number, order: number, due: Due): void {
    this.#atMs[at] = atMs;
    this.#order[at] = order;
    this.#due[at] = due;
  }
}
