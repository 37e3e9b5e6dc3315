/** Normal time; a rate is in 256ths of it. */
export const NORMAL_RATE = 256;
const SLOWEST_RATE = 128;

/**
 * The next rate of time (WO9), from the share of their period that the last second's ticks used (1: all of it; one slow
 * tick among quick ones is none of time's business). Slows quickly, recovers slowly, never below half: the numbering of
 * ticks stays.
 */
export function nextRate(rate: number, load: number): number {
  if (load > 0.95) return Math.max(SLOWEST_RATE, rate - 32);
  if (load < 0.7) return Math.min(NORMAL_RATE, rate + 4);
  return rate;
}
