import { isCount } from './toggle-set.ts';

/** A character as its tickets let it in: all those up to that incarnation are meant, and none that is given later. */
export interface Seat {
  readonly character: string;
  readonly incarnation: number;
}

export function isSeat(value: unknown): value is Seat {
  if (typeof value !== 'object' || value === null) return false;
  const { character, incarnation } = value as Partial<Seat>;
  return typeof character === 'string' && isCount(incarnation);
}
