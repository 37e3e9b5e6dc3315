/** A figure over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median with least and greatest of the values there are; null when there are none. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  if (min === undefined || max === undefined) return null;
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return { median: (lower + upper) / 2, min, max };
}

/** a / b, null when either is missing or b is not positive. */
export function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b <= 0 ? null : a / b;
}

/**
 * The exponent with which the cost of a whole tick grows from `few` to `many` players, given the costs per player and
 * tick: 1 when a player costs the same in any crowd.
 */
export function growthExponent(
  costFew: number | null,
  few: number,
  costMany: number | null,
  many: number,
): number | null {
  const grown = ratio(costMany, costFew);
  return grown === null || grown <= 0 ? null : 1 + Math.log(grown) / Math.log(many / few);
}

/** To so many significant digits: what is beyond them is noise. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
