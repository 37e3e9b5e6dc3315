import type { ZoneTree } from '@lifeverse/contracts';
import type { World } from '@lifeverse/definition';

/** Cells from a first up to, not including, a last one. */
interface Span {
  readonly from: number;
  readonly to: number;
}
type Area = Readonly<Record<'x' | 'y', Span>>;

/** A border between zones, millimetres: a line at `atMm` across the axis, as far as the area goes that it parts. */
export interface Border {
  readonly axis: 'x' | 'y';
  readonly atMm: number;
  readonly fromMm: number;
  readonly toMm: number;
}

export interface ZonePlan {
  readonly tree: ZoneTree;
  readonly borders: readonly Border[];
}

const extent = ({ from, to }: Span): number => to - from;

/** So many zones of about the same size over the cells of the map: always the longer side is cut. */
export function zonePlan(world: World, zones: number): ZonePlan {
  const cellMm = world.layout.cellSizeM * 1_000;
  const cells = (mm: number): Span => ({ from: 0, to: Math.ceil(mm / cellMm) });
  const borders: Border[] = [];
  let last = 0;
  const part = (area: Area, count: number): ZoneTree => {
    if (count === 1) return { zone: ++last };
    const axis = extent(area.x) >= extent(area.y) ? 'x' : 'y';
    const span = area[axis];
    const lower = count >> 1;
    const at = span.from + Math.max(1, Math.round((extent(span) * lower) / count));
    const along = area[axis === 'x' ? 'y' : 'x'];
    borders.push({ axis, atMm: at * cellMm, fromMm: along.from * cellMm, toMm: along.to * cellMm });
    const low = part({ ...area, [axis]: { from: span.from, to: at } }, lower);
    return { axis, at, low, high: part({ ...area, [axis]: { from: at, to: span.to } }, count - lower) };
  };
  const { widthMm, heightMm } = world.map;
  return { tree: part({ x: cells(widthMm), y: cells(heightMm) }, zones), borders };
}
