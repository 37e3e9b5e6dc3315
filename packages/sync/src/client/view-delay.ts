const WINDOW_MS = 1_000;
const WINDOWS = 5;
const MARGIN_MS = 3;
/** Others are never shown farther behind than this. */
export const MOST_VIEW_DELAY_MS = 500;
/** Shown time runs at most this much faster or slower than time, so that the change is not seen. */
const SLEW = 0.08;

/**
 * How far behind the server's time others are shown (SY21): one tick, since a change tells of the tick that led to it,
 * and the worst lateness of the last seconds. Grows and shrinks smoothly.
 */
export class ViewDelay {
  delayMs: number;
  readonly #periodMs: number;
  #worst: number[] = [0];
  #windowStartMs = 0;
  #lastMs = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
    this.delayMs = periodMs * 2;
  }

  /** A tick's change arrived so long after the tick. */
  arrived(latenessMs: number): void {
    const last = this.#worst.length - 1;
    this.#worst[last] = Math.max(this.#worst[last] as number, latenessMs);
  }

  update(nowMs: number): void {
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#worst.push(0);
      if (this.#worst.length > WINDOWS) this.#worst.shift();
    }
    const target = Math.min(MOST_VIEW_DELAY_MS, this.#periodMs + Math.max(...this.#worst) + MARGIN_MS);
    const most = Math.min(100, Math.max(0, nowMs - this.#lastMs)) * SLEW;
    this.#lastMs = nowMs;
    this.delayMs += Math.max(-most, Math.min(most, target - this.delayMs));
  }
}
