import { planTown, USUAL_AREA_M2 } from './plan.ts';
import type { Rect } from './site.ts';

/** What can be had in town. */
export const WARES = ['apple', 'bread', 'flower', 'lantern'] as const;
export type Ware = (typeof WARES)[number];
export const CURRENCY = 'coin';

/** What a stall asks for one, and what it pays. */
export const prices: Readonly<Record<Ware, { readonly asks: number; readonly pays: number }>> = {
  apple: { asks: 2, pays: 1 },
  bread: { asks: 4, pays: 2 },
  flower: { asks: 5, pays: 3 },
  lantern: { asks: 20, pays: 12 },
};

export interface Stall {
  readonly name: string;
  /** Its footprint, metres. */
  readonly at: Rect;
  readonly wares: readonly Ware[];
}

/** How near to a stall one deals with it, metres from its edge. */
export const STALL_REACH_M = 2.5;
const MOST_STALLS = 60;

/** The market stalls of a town of that area; each deals in two kinds of ware. */
export function stallsOf({ areaM2 = USUAL_AREA_M2 }: { readonly areaM2?: number } = {}): readonly Stall[] {
  return planTown(areaM2)
    .things.filter(({ kind }) => kind === 'stall')
    .slice(0, MOST_STALLS)
    .map(({ x, y, w, h }, index) => ({
      name: `stall-${index + 1}`,
      at: { x, y, w, h },
      wares: [WARES[index % WARES.length] as Ware, WARES[(index + 1) % WARES.length] as Ware],
    }));
}

/** From a point to the nearest edge of a stall, metres. */
export function distanceToStall({ at }: Stall, point: { readonly x: number; readonly y: number }): number {
  const dx = Math.max(at.x - point.x, 0, point.x - at.x - at.w);
  const dy = Math.max(at.y - point.y, 0, point.y - at.y - at.h);
  return Math.sqrt(dx * dx + dy * dy);
}
