import type { Bins } from './bins.ts';
import type { Fault } from './course.ts';
import { text } from './html.ts';
import { rounded, type TimeAxis, WIDTH } from './time-axis.ts';

/** What the charts of one course have in common. */
export interface Frame {
  readonly axis: TimeAxis;
  readonly bins: Bins;
  readonly faults: readonly Fault[];
}

/** So that what is short is seen at all. */
const LEAST_WIDTH = 4;

/** A picture as wide as there is room, with what is laid over it. */
export function plot(
  { height, label }: { readonly height: number; readonly label: string },
  drawn: string,
  over = '',
): string {
  const box = `viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" style="height:${height}px"`;
  return `<div class="plot"><svg ${box} role="img" aria-label="${text(label)}">${drawn}</svg>${over}</div>`;
}

/** Behind everything: when something was broken. */
export function faultBands({ faults, axis }: Frame, height: number): string {
  return faults
    .map((fault) => {
      const [x, width] = extent(axis, fault);
      return `<rect class="band" x="${x}" y="0" width="${width}" height="${height}"/>`;
    })
    .join('');
}

/** Where it begins, and how wide it is. */
export function extent(
  axis: TimeAxis,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): [x: number, width: number] {
  const x = axis.x(fromMs);
  return [x, rounded(Math.max(LEAST_WIDTH, axis.x(untilMs) - x))];
}
