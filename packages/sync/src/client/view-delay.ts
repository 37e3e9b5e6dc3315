const KEPT = 64;
const KEPT_MS = 5_000;
/** The share of tidings that may come too late to be shown without a correction. */
const LATE_SHARE = 0.05;
const LOOK_MS = 200;
const MARGIN_MS = 3;
/** Others are never shown farther behind than this. */
export const MOST_VIEW_DELAY_MS = 500;
/** Shown time runs at most this much faster or slower than time, so that the change is not seen. */
const SLEW = 0.08;

interface Tiding {
  readonly latenessMs: number;
  readonly atMs: number;
}

/**
 * How far behind the server's time others are shown (SY21): one tick, since a change tells of the tick that led to it,
 * and the lateness that 95 % of the tidings of the last seconds kept within; one hiccup moves nobody. Grows and shrinks
 * smoothly.
 */
export class ViewDelay {
  delayMs: number;
  readonly #periodMs: number;
  #tidings: Tiding[] = [];
  #targetMs: number;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #lastMs = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
    this.delayMs = this.#targetMs = periodMs * 2;
  }

  /** A tick's change arrived so long after the tick. */
  arrived(latenessMs: number, nowMs: number): void {
    this.#tidings.push({ latenessMs, atMs: nowMs });
    if (this.#tidings.length > KEPT) this.#tidings.shift();
  }

  update(nowMs: number): void {
    if (nowMs - this.#lookedMs >= LOOK_MS) this.#look(nowMs);
    const most = Math.min(100, Math.max(0, nowMs - this.#lastMs)) * SLEW;
    this.#lastMs = nowMs;
    this.delayMs += Math.max(-most, Math.min(most, this.#targetMs - this.delayMs));
  }

  #look(nowMs: number): void {
    this.#lookedMs = nowMs;
    const recent = this.#tidings.filter((tiding) => nowMs - tiding.atMs <= KEPT_MS).map((tiding) => tiding.latenessMs);
    if (recent.length === 0) return;
    recent.sort((a, b) => b - a);
    const kept = recent[Math.floor(recent.length * LATE_SHARE)] as number;
    this.#targetMs = Math.min(MOST_VIEW_DELAY_MS, this.#periodMs + Math.max(0, kept) + MARGIN_MS);
  }
}
