import { assert } from './assert.ts';

/** Another clock, as it was read from afar. Times of one's own are by a monotonic clock. */
export interface TimeSample {
  /** Own time when the question was sent. */
  readonly sentMs: number;
  /** What the other clock showed, somewhere in between. */
  readonly serverMs: number;
  /** Own time when the answer came. */
  readonly receivedMs: number;
  /** How far the other clock may itself be off. */
  readonly uncertaintyMs: number;
}

/** How much faster or slower than real time it goes, to get where it should be. */
export const SLEW = 0.05;
/** By how much two clocks may drift apart: quartz is within 50 millionths. */
export const DRIFT = 1e-4;
/** Half a minute's way at that rate. A clock that was set by more is not followed: its followers begin anew. */
export const STEP_MS = 1_500;
/** So many samples in a row say that it was set, before that is believed. */
export const STEP_SAMPLES = 3;

interface Estimate {
  readonly offsetMs: number;
  /** The error grows from then on. */
  readonly sentMs: number;
  readonly errorMs: number;
}

/**
 * Follows another clock by samples of it, and never goes back: it believes the sample that can be least wrong, and nears it by
 * at most a twentieth of the time that passes. A step beyond that it says, and does not take. Holds no clock of its own: what is
 * asked names one's own time, which does not go back.
 */
export class SlewedClock {
  #estimate: Estimate | null = null;
  /** What is added to one's own time, and since when. */
  #offsetMs = 0;
  #atMs = Number.NEGATIVE_INFINITY;
  /** What the last samples said that are not followed, and how many they were. */
  #step = { byMs: 0, samples: 0 };

  /** The first sample sets the clock. */
  take({ sentMs, serverMs, receivedMs, uncertaintyMs }: TimeSample): void {
    const halfMs = (receivedMs - sentMs) / 2;
    const next = { offsetMs: serverMs + halfMs - receivedMs, sentMs, errorMs: halfMs + uncertaintyMs };
    const last = this.#estimate;
    if (last === null) this.#offsetMs = next.offsetMs;
    else {
      this.readAt(receivedMs);
      const lastErrorMs = errorAt(last, receivedMs);
      const nextErrorMs = errorAt(next, receivedMs);
      const apartMs = next.offsetMs - last.offsetMs;
      // Both cannot be true: the other clock was set.
      const contradicts = Math.abs(apartMs) > nextErrorMs + lastErrorMs;
      if (contradicts && Math.abs(apartMs) > STEP_MS) {
        this.#step = { byMs: apartMs, samples: this.#step.samples + 1 };
        return;
      }
      if (nextErrorMs + lastErrorMs <= STEP_MS) this.#step = { byMs: 0, samples: 0 };
      if (nextErrorMs > lastErrorMs && !contradicts) return;
    }
    this.#estimate = next;
    this.#atMs = Math.max(this.#atMs, receivedMs);
  }

  /** What it shows; only after a first sample. */
  readAt(ownMs: number): number {
    const estimate = this.#estimate;
    assert(estimate !== null, 'a clock that was never set was read');
    const passedMs = Math.max(0, ownMs - this.#atMs);
    const missingMs = estimate.offsetMs - this.#offsetMs;
    this.#offsetMs += Math.max(-SLEW * passedMs, Math.min(SLEW * passedMs, missingMs));
    this.#atMs = Math.max(this.#atMs, ownMs);
    return ownMs + this.#offsetMs;
  }

  /** How far it may be from the other clock: infinitely before the first sample. */
  uncertaintyAt(ownMs: number): number {
    const estimate = this.#estimate;
    if (estimate === null) return Number.POSITIVE_INFINITY;
    return errorAt(estimate, ownMs) + Math.abs(this.offsetAt(ownMs)) + Math.abs(this.#step.byMs);
  }

  /** How far it is ahead of where it is going to; only after a first sample. */
  offsetAt(ownMs: number): number {
    return this.readAt(ownMs) - ownMs - (this.#estimate?.offsetMs ?? 0);
  }

  /** By how much the other clock was set, when that is too much to follow: this one goes on as it was. Else 0. */
  get steppedMs(): number {
    return this.#step.samples < STEP_SAMPLES ? 0 : this.#step.byMs;
  }
}

function errorAt({ errorMs, sentMs }: Estimate, ownMs: number): number {
  return errorMs + Math.max(0, ownMs - sentMs) * DRIFT;
}
