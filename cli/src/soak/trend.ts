import { quantile } from '@lifeverse/base';

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

const MINUTE_MS = 60_000;

/**
 * How much a figure grows per minute: the median of the slopes between any two samples (Theil and Sen), which a few
 * outliers, such as a collection that came late, do not move. Null of fewer than two.
 */
export function growthPerMinute(samples: readonly Sample[]): number | null {
  const slopes: number[] = [];
  for (const [i, one] of samples.entries()) {
    for (const other of samples.slice(i + 1)) {
      if (other.atMs > one.atMs) slopes.push(((other.value - one.value) / (other.atMs - one.atMs)) * MINUTE_MS);
    }
  }
  return quantile(slopes, 0.5);
}
