import type { Course } from './course.ts';

/** Of every picture, whatever its width on the screen. */
export const WIDTH = 1_000;

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200];
const TICKS_MOST = 8;
const MINUTE_S = 60;
const SECOND_MS = 1_000;

/** Where moments of a course lie from left to right. */
export class TimeAxis {
  readonly #startMs: number;
  readonly #spanMs: number;

  constructor({ startMs, endMs }: Pick<Course, 'startMs' | 'endMs'>) {
    this.#startMs = startMs;
    this.#spanMs = Math.max(1, endMs - startMs);
  }

  /** In the units of a picture, within it. */
  x(ms: number): number {
    return rounded(this.#share(ms) * WIDTH);
  }

  /** Of the width, for what is laid over it. */
  percent(ms: number): number {
    return rounded(this.#share(ms) * 100);
  }

  /** Moments worth a label, and the label. */
  get ticks(): { readonly ms: number; readonly label: string }[] {
    const spanS = this.#spanMs / SECOND_MS;
    const stepS = STEPS_S.find((step) => spanS / step <= TICKS_MOST) ?? spanS / TICKS_MOST;
    const ticks = [];
    for (let s = 0; s <= spanS; s += stepS) ticks.push({ ms: this.#startMs + s * SECOND_MS, label: clock(s) });
    return ticks;
  }

  /** `1:02.5`: from the beginning of the drill. */
  label(ms: number): string {
    const s = Math.max(0, (ms - this.#startMs) / SECOND_MS);
    return `${Math.floor(s / MINUTE_S)}:${(s % MINUTE_S).toFixed(1).padStart(4, '0')}`;
  }

  #share(ms: number): number {
    return Math.max(0, Math.min(1, (ms - this.#startMs) / this.#spanMs));
  }
}

function clock(s: number): string {
  return `${Math.floor(s / MINUTE_S)}:${String(Math.round(s % MINUTE_S)).padStart(2, '0')}`;
}

/** A page is read by its size too. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `84 ms`, `60.1 s`. */
export function duration(ms: number): string {
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(1)} s`;
}
