import type { Trace, TraceTrack } from './parse-trace.ts';

/** A pause longer than this, and than some of the trace's usual steps, is an absence. */
const GAP_S = 10;
const GAP_STEPS = 3;
const SHORTEST_LOOP_S = 1;

/** When a trace's time begins and how long it lasts; the loop closes a step after the last line. */
export interface TraceTime {
  readonly startS: number;
  readonly loopS: number;
  /** The usual time between two lines of an id. */
  readonly stepS: number;
}

export function timeOf({ tracks }: Trace): TraceTime {
  const steps: number[] = [];
  let startS = Number.POSITIVE_INFINITY;
  let endS = Number.NEGATIVE_INFINITY;
  for (const { tS } of tracks) {
    startS = Math.min(startS, tS[0] as number);
    endS = Math.max(endS, tS[tS.length - 1] as number);
    for (let i = 1; i < tS.length; i++) steps.push((tS[i] as number) - (tS[i - 1] as number));
  }
  steps.sort((a, b) => a - b);
  const stepS = steps[steps.length >> 1] ?? SHORTEST_LOOP_S;
  return { startS, loopS: Math.max(SHORTEST_LOOP_S, endS - startS + stepS), stepS };
}

/** Where one recorded mover is at any moment of a run, the trace being played again and again. */
export class Course {
  readonly #track: TraceTrack;
  readonly #time: TraceTime;
  readonly #gapS: number;

  constructor(track: TraceTrack, time: TraceTime) {
    this.#track = track;
    this.#time = time;
    this.#gapS = Math.max(GAP_S, GAP_STEPS * time.stepS);
  }

  /** Writes the place at that second of the run, between two lines on the straight way; false while it is away. */
  at(runS: number, out: { x: number; y: number }): boolean {
    const { startS, loopS, stepS } = this.#time;
    const { tS, xM, yM } = this.#track;
    const t = startS + (runS % loopS);
    const next = firstAfter(tS, t);
    if (next === 0) return false;
    const before = tS[next - 1] as number;
    const after = tS[next] ?? Number.POSITIVE_INFINITY;
    const through = after - before <= this.#gapS;
    if (!through && t - before > stepS) return false;
    const share = through ? (t - before) / (after - before) : 0;
    const x = xM[next - 1] as number;
    const y = yM[next - 1] as number;
    out.x = x + ((xM[next] ?? x) - x) * share;
    out.y = y + ((yM[next] ?? y) - y) * share;
    return true;
  }
}

function firstAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
