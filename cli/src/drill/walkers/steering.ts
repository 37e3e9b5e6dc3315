import type { Random } from '@lifeverse/base';
import { marginM, walkMps } from './counting-world.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where somebody walks to, and for how long until they turn again. */
export interface Course {
  /** Radians counter-clockwise from east. */
  readonly towards: number;
  readonly forMs: number;
}

/** How a player walks who turns at that place. */
export type Steering = (at: Place, random: Random) => Course;

const ABOUT_MS = { least: 1_000, most: 3_000 } as const;

/** Anywhere, and back from the edges of the plain. */
export function about(sideM: number): Steering {
  const middle = sideM / 2;
  return ({ x, y }, random) => {
    const forMs = random.between(ABOUT_MS.least, ABOUT_MS.most);
    const astray = Math.max(Math.abs(x - middle), Math.abs(y - middle)) > middle - marginM;
    return { forMs, towards: astray ? Math.atan2(middle - y, middle - x) : random.between(0, 2 * Math.PI) };
  };
}

/** A line from north to south (`x`), or from east to west. */
export interface Line {
  readonly axis: 'x' | 'y';
  readonly atM: number;
}

/** So far behind the line everyone turns: a cell is left a metre behind its edge. */
const BEYOND_M = { least: 1.5, most: 2.5 } as const;
/** So far aside, so that people meet others. */
const ASIDE_M = 1;
const EDGE_M = 20;
/** Who is far away looks again on the way. */
const LONGEST_MS = 3_000;

/** Over that line and back, again and again. */
export function over({ axis, atM }: Line, sideM: number): Steering {
  return (at, random) => {
    const beyondM = random.between(BEYOND_M.least, BEYOND_M.most);
    const across = atM + (at[axis] > atM ? -beyondM : beyondM) - at[axis];
    const here = axis === 'x' ? at.y : at.x;
    const there = here + random.between(-ASIDE_M, ASIDE_M);
    const aside = Math.min(Math.max(there, EDGE_M), sideM - EDGE_M) - here;
    const [dx, dy] = axis === 'x' ? [across, aside] : [aside, across];
    const forMs = (Math.hypot(dx, dy) / walkMps) * 1_000;
    return { towards: Math.atan2(dy, dx), forMs: Math.min(forMs, LONGEST_MS) };
  };
}
