import { acksOf, livesOf } from '../walkers/judge.ts';
import type { PlayerRecord } from '../walkers/record.ts';
import type { Line } from '../walkers/steering.ts';

/** A cell is left a metre behind its edge, so that who paces along it stays. */
const BEHIND_M = 1;
/** What a crossing does to a player shows within so long. */
const ABOUT_MS = 500;

/** When somebody was told to be behind the line, each time. */
export function crossingsOf({ lives }: PlayerRecord, { axis, atM }: Line): number[] {
  return livesOf(lives).flatMap(({ told }) => {
    let side = 0;
    return told.flatMap((word) => {
      const beyondM = word[axis] - atM;
      const now = Math.abs(beyondM) < BEHIND_M ? side : Math.sign(beyondM);
      const crossed = side !== 0 && now !== side;
      side = now;
      return crossed ? [word.atMs] : [];
    });
  });
}

/** For each crossing since then: the longest time between two acknowledgements about it. */
export function crossingGapsMs(record: PlayerRecord, line: Line, sinceMs: number): number[] {
  const acks = acksOf(record.lives);
  let first = 0;
  const crossings = crossingsOf(record, line).filter((atMs) => atMs - ABOUT_MS >= sinceMs);
  return crossings.map((atMs) => {
    while ((acks[first + 1] ?? Number.POSITIVE_INFINITY) <= atMs - ABOUT_MS) first++;
    let longestMs = 0;
    for (let at = first; (acks[at] ?? Number.POSITIVE_INFINITY) <= atMs + ABOUT_MS; at++)
      longestMs = Math.max(longestMs, (acks[at + 1] ?? atMs + ABOUT_MS) - (acks[at] as number));
    return longestMs;
  });
}
