import { quantile } from '@lifeverse/base';
import type { Course, Settled } from './course.ts';

const BINS_MOST = 240;
const BIN_MS_LEAST = 250;

/** Equal pieces of a course, so many that a picture shows them. */
export interface Bins {
  readonly startMs: number;
  readonly binMs: number;
  readonly count: number;
}

export function binsOf({ startMs, endMs }: Pick<Course, 'startMs' | 'endMs'>): Bins {
  const binMs = Math.max(BIN_MS_LEAST, (endMs - startMs) / BINS_MOST);
  return { startMs, binMs, count: Math.max(1, Math.ceil((endMs - startMs) / binMs)) };
}

/** For how long players had waited for an acknowledgement, in a piece of time. */
export interface Wait {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Null where nobody has joined yet, and behind the end. */
export function waits({ acks, endMs }: Pick<Course, 'acks' | 'endMs'>, bins: Bins): (Wait | null)[] {
  const byPlayer = acks.map((times) => longestWaits(times, endMs, bins));
  return Array.from({ length: bins.count }, (_, at) => {
    const some = byPlayer.flatMap((longest) => longest[at] ?? []);
    const of = (q: number): number => quantile(some, q) ?? 0;
    return some.length === 0 ? null : { p50Ms: of(0.5), p99Ms: of(0.99), maxMs: of(1) };
  });
}

/** For each piece, the longest that one player had waited at any moment of it: it grows until it is over. */
function longestWaits(
  times: readonly number[],
  endMs: number,
  { startMs, binMs, count }: Bins,
): (number | undefined)[] {
  const longest: (number | undefined)[] = Array.from({ length: count }, () => undefined);
  times.forEach((sinceMs, index) => {
    const untilMs = times[index + 1] ?? endMs;
    const first = Math.max(0, Math.floor((sinceMs - startMs) / binMs));
    const last = Math.min(count - 1, Math.floor((untilMs - startMs) / binMs));
    for (let at = first; at <= last; at++) {
      const waitedMs = Math.min(untilMs, startMs + (at + 1) * binMs) - sinceMs;
      longest[at] = Math.max(longest[at] ?? 0, waitedMs);
    }
  });
  return longest;
}

export type Counts = Readonly<Record<Settled['outcome'], number>>;

export function countsOf(settled: readonly Settled[], { startMs, binMs, count }: Bins): Counts[] {
  const counts = Array.from({ length: count }, () => ({ done: 0, refused: 0, unknown: 0 }));
  for (const { atMs, outcome } of settled) {
    const counted = counts[Math.min(count - 1, Math.max(0, Math.floor((atMs - startMs) / binMs)))];
    if (counted !== undefined) counted[outcome]++;
  }
  return counts;
}
