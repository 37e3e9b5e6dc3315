import type { MeasuredRate } from './event-rate.ts';

/** Milliseconds; `most` is null while nothing says when it is over. */
export interface WaitEstimate {
  readonly least: number;
  readonly most: number | null;
}

export interface Outlook {
  /** Who is let in before, and oneself. */
  readonly position: number;
  /** Of these, how many at least: others may give up, or be let past. */
  readonly positionAtLeast: number;
  /** Of `position`, those who need a seat in the world, less the seats that are free. */
  readonly seatsShort: number;
  readonly joinsPerS: number;
  /** Seats that became free. */
  readonly freed: MeasuredRate;
  /** Who came and was put ahead. */
  readonly overtaking: MeasuredRate;
  /** Those ahead who gave up. */
  readonly givingUpPerS: number;
  /** Until the next time they ask: being called is noticed then. */
  readonly askingMs: number;
}

/** Between these lies the truth in 19 of 20 cases, if all goes on as it went. */
const Z = 1.96;
/** It does not go on quite as it went: variance of the rate from one minute to another. */
const DRIFT = 0.02;
/** Those who may be put ahead never take more than this part of the turns. */
const MOST_OVERTAKING = 0.9;

/**
 * When the turn comes, from what was measured: so many seats have to become free, at a rate that is known from so many
 * that did. Both are chance, so the time is distributed as a ratio of two Gamma variables; by Wilson and Hilferty's cube
 * its quantiles are near those of one Gamma variable of the same relative variance.
 */
export function estimateWait(outlook: Outlook): WaitEstimate {
  const { position, positionAtLeast, seatsShort, joinsPerS, freed, overtaking, givingUpPerS, askingMs } = outlook;
  const left = (perS: number): number => Math.max(perS - overtaking.perS, perS * (1 - MOST_OVERTAKING));
  const soonestMs = Math.max(0, (positionAtLeast - 1) / joinsPerS) * 800;
  const latestMs = (position / left(joinsPerS)) * 1_200 + askingMs;
  if (seatsShort <= 0) return rounded(soonestMs, latestMs);
  const seatsAtLeast = Math.max(1, seatsShort - (position - positionAtLeast));
  // Who gives up is noticed a minute later, when more do.
  const quickest = freed.perS + 2 * givingUpPerS;
  const least = quickest > 0 ? timeFor(seatsAtLeast, quickest, freed.count, -Z) : 0;
  if (freed.count === 0) return rounded(soonestMs, null);
  const most = timeFor(seatsShort, left(freed.perS), freed.count, Z) + askingMs;
  return rounded(Math.max(soonestMs, least), Math.max(latestMs, most));
}

/** Milliseconds until so many events, the rate known from `count` of them: the quantile at `z` standard deviations. */
function timeFor(events: number, perS: number, count: number, z: number): number {
  const shape = 1 / (1 / events + 1 / Math.max(1, count) + DRIFT);
  const cube = Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape)));
  return (events / perS) * 1_000 * cube ** 3;
}

function rounded(least: number, most: number | null): WaitEstimate {
  return { least: Math.floor(least), most: most === null ? null : Math.ceil(most) };
}
