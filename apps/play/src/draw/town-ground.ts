import type { Decor } from '@lifeverse/town/decor';

/** Numbers of the town's plan that drawing treats on their own. */
const GRASS = 0;
export const WATER = 5;

export type GroundAt = (x: number, y: number) => number;

/** What lies on a tile; beyond the wall the edge goes on, as meadow unless the canal crosses it. */
export function townGround({ side, ground }: Pick<Decor, 'side' | 'ground'>): GroundAt {
  return (x, y) => {
    if (x < 0 || x >= side) return GRASS;
    if (y >= 0 && y < side) return ground[y * side + x] as number;
    return ground[(y < 0 ? 0 : side - 1) * side + x] === WATER ? WATER : GRASS;
  };
}
