import { shownColumns } from '../consumers/measures.ts';
import type { Truth } from '../peers/report.ts';

export interface PositionErrors {
  /** Distance between what was shown and where the subject truly was at that moment of the world, metres. */
  readonly errorsM: Float64Array;
  /** How far that moment lay back when it was shown. */
  readonly viewDelaysMs: Float64Array;
}

/**
 * Holds what decoders showed with one view delay against the truth. What is of no known moment or subject is left out.
 */
export function positionErrors(truth: Truth, shown: Float64Array, delayMs: number): PositionErrors {
  const columnOf = new Map(Array.from(truth.subjects, (subject, column) => [subject, column]));
  const errorsM: number[] = [];
  const viewDelaysMs: number[] = [];
  for (let row = 0; row + shownColumns <= shown.length; row += shownColumns) {
    const [asked, subject, xM, yM, momentMs, nowMs] = shown.subarray(row, row + shownColumns) as unknown as Row;
    if (asked !== delayMs) continue;
    const column = columnOf.get(subject);
    const later = firstAtOrAfter(truth.atMs, momentMs);
    if (column === undefined || later <= 0 || later >= truth.atMs.length) continue;
    const fromMs = truth.atMs[later - 1] as number;
    const share = (momentMs - fromMs) / ((truth.atMs[later] as number) - fromMs);
    const trueX = between(truth, later, 2 * column, share);
    const trueY = between(truth, later, 2 * column + 1, share);
    const error = Math.hypot(xM - trueX, yM - trueY);
    if (Number.isNaN(error)) continue;
    errorsM.push(error);
    viewDelaysMs.push(nowMs - momentMs);
  }
  return { errorsM: Float64Array.from(errorsM), viewDelaysMs: Float64Array.from(viewDelaysMs) };
}

type Row = readonly [number, number, number, number, number, number];

function between(truth: Truth, later: number, at: number, share: number): number {
  const from = truth.rows[later - 1]?.[at] as number;
  const to = truth.rows[later]?.[at] as number;
  return from + (to - from) * share;
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
