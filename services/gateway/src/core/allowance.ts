/** A second's worth may be sent ahead; who has worked off all but a quarter of one may be sent everything again. */
const AHEAD_S = 1;
const WORKED_OFF_S = 0.25;
/** A keyframe can be more than that at once: what goes beyond this is forgiven, so that nobody waits for longer. */
const OWED_S_MAX = 4;

/** What one player may be sent: bytes beyond so many a second are owed, and worked off with time. */
export class Allowance {
  /** Null: anything. */
  bytesPerS: number | null = null;
  #owedBytes = 0;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  spend(bytes: number): void {
    this.#owedBytes += bytes;
  }

  isSpent(nowMs: number): boolean {
    return this.#owedS(nowMs) > AHEAD_S;
  }

  isWorkedOff(nowMs: number): boolean {
    return this.#owedS(nowMs) <= WORKED_OFF_S;
  }

  #owedS(nowMs: number): number {
    const passedS = Math.max(0, nowMs - this.#lastMs) / 1_000;
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    const { bytesPerS } = this;
    if (bytesPerS === null) this.#owedBytes = 0;
    else this.#owedBytes = Math.max(0, Math.min(this.#owedBytes, bytesPerS * OWED_S_MAX) - passedS * bytesPerS);
    return bytesPerS === null ? 0 : this.#owedBytes / bytesPerS;
  }
}
