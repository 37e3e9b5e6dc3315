import type { Decor } from '@lifeverse/town/decor';
import type { Area, Brush } from './canvas.ts';

/** What of a world moves by itself or has to be known while it is shown. */
export interface Scenery {
  /** What there is to see, metres. */
  readonly extent: Area;
  readonly trees: Decor['trees'];
  readonly smoke: Decor['smoke'];
  readonly fountains: Decor['fountains'];
  /** Open water there: where light may glitter. */
  water(x: number, y: number): boolean;
}

/** Paints the unmoving part of a world, piece by piece. */
export interface WorldPainter {
  /** `under` lies below people, `over` above them; returns where on `over` there is something. */
  paint(under: Brush, over: Brush, shade: Brush, area: Area): Area[];
}

/** Which world is to be painted, in a form that can be sent to another thread. */
export type Subject =
  | { readonly kind: 'town'; readonly options: { readonly areaM2?: number } }
  | { readonly kind: 'plain'; readonly w: number; readonly h: number; readonly cellM: number };
