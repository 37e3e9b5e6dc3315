import type { Decor, Tree } from '@lifeverse/town/decor';
import type { Area, Brush } from './canvas.ts';

/** Paints the unmoving part of a world, piece by piece. */
export interface WorldPainter {
  /** What there is to see, metres. */
  readonly extent: Area;
  readonly trees: readonly Tree[];
  readonly smoke: Decor['smoke'];
  readonly fountains: Decor['fountains'];
  /** Open water there: where light may glitter. */
  water(x: number, y: number): boolean;
  /** `under` lies below people, `over` above them; returns where on `over` there is something. */
  paint(under: Brush, over: Brush, shade: Brush, area: Area): Area[];
}
