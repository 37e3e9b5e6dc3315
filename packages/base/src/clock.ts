/** Milliseconds that never go back; the origin is arbitrary but fixed for the life of the clock. */
export interface Clock {
  nowMs(): number;
  /** How far it may be from the clock that it follows; left out where it follows none. */
  uncertaintyMs?(): number;
  /** How far it is ahead of what it knows of that clock, and nears; left out where it follows none. */
  offsetMs?(): number;
}

/** Virtual time, moved by whoever owns it: simulator and tests. */
export class ManualClock implements Clock {
  #nowMs: number;
  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }
}
