import { quantile } from '@lifeverse/base';

/** By what factor values moved, and between which factors that lies with 80 %. */
export interface Shift {
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

/** Of the standard normal distribution, for 80 % between both ends. */
const Z = 1.2816;

/**
 * The factor between two sets of positive values, in whatever way each is spread and however far single ones lie off: the
 * median of all quotients of one of each (Hodges and Lehmann 1963, on logarithms), between those of its quotients that the
 * rank sum test does not tell apart (Moses 1965, normal approximation). Null when the sets are too small for an interval.
 */
export function shiftBetween(from: readonly number[], to: readonly number[]): Shift | null {
  const quotients = to.flatMap((b) => from.map((a) => b / a)).sort((a, b) => a - b);
  const [n, m] = [from.length, to.length];
  const cut = Math.floor((n * m) / 2 - Z * Math.sqrt((n * m * (n + m + 1)) / 12));
  if (cut < 1) return null;
  return {
    ratio: quantile(quotients, 0.5) as number,
    least: quotients[cut - 1] as number,
    most: quotients[quotients.length - cut] as number,
  };
}
