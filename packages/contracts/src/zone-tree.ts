/**
 * Which zone has which cells: a k-d tree over all cells there can be. A leaf is a zone; a cut parts `low`, the cells whose
 * coordinate is below `at`, from `high`.
 */
export type ZoneTree =
  | { readonly zone: number }
  | { readonly axis: 'x' | 'y'; readonly at: number; readonly low: ZoneTree; readonly high: ZoneTree };

/** The zone that has that cell. */
export function zoneAt(tree: ZoneTree, x: number, y: number): number {
  let at = tree;
  while (!('zone' in at)) at = (at.axis === 'x' ? x : y) < at.at ? at.low : at.high;
  return at.zone;
}

/** Every zone, from low to high: at least one. */
export function zonesIn(tree: ZoneTree): number[] {
  return 'zone' in tree ? [tree.zone] : [...zonesIn(tree.low), ...zonesIn(tree.high)];
}

/** From a cell up to, not including, another; either may be infinite. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
export type Area = Readonly<Record<'x' | 'y', Span>>;

const everything: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

function areasIn(tree: ZoneTree, area: Area): [zone: number, area: Area][] {
  if ('zone' in tree) return [[tree.zone, area]];
  const { axis, at, low, high } = tree;
  return [
    ...areasIn(low, { ...area, [axis]: { ...area[axis], to: at } }),
    ...areasIn(high, { ...area, [axis]: { ...area[axis], from: at } }),
  ];
}

/** The cells of a zone; undefined where the tree does not have it. */
export function areaOf(tree: ZoneTree, zone: number): Area | undefined {
  return areasIn(tree, { x: everything, y: everything }).find(([each]) => each === zone)?.[1];
}

const touch = (a: Span, b: Span): boolean => a.from <= b.to && b.from <= a.to;

/** The zones that have cells beside those of a zone, corners included. */
export function zonesBeside(tree: ZoneTree, zone: number): number[] {
  const areas = areasIn(tree, { x: everything, y: everything });
  const own = areas.filter(([each]) => each === zone).map(([, area]) => area);
  const beside = areas.filter(([, { x, y }]) => own.some((area) => touch(area.x, x) && touch(area.y, y)));
  return [...new Set(beside.map(([each]) => each))].filter((each) => each !== zone);
}

const share = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** The other zones of a tree that have cells which are, by the tree `of`, that zone's. */
export function zonesWithin(tree: ZoneTree, of: ZoneTree, zone: number): number[] {
  const whole: Area = { x: everything, y: everything };
  const areas = areasIn(of, whole).filter(([each]) => each === zone);
  const within = areasIn(tree, whole).filter(([, { x, y }]) =>
    areas.some(([, area]) => share(area.x, x) && share(area.y, y)),
  );
  return [...new Set(within.map(([each]) => each))].filter((each) => each !== zone);
}

/** Zones 1, 2 and so on, so many, of about equal areas: a rectangle of cells, cut across its longer side again and again. */
export function evenZones(count: number, columns: number, rows: number): ZoneTree {
  return evenWithin(1, count, { x: { from: 0, to: columns }, y: { from: 0, to: rows } });
}

function evenWithin(first: number, count: number, area: Area): ZoneTree {
  if (count === 1) return { zone: first };
  const axis = area.x.to - area.x.from >= area.y.to - area.y.from ? 'x' : 'y';
  const { from, to } = area[axis];
  const lowCount = Math.floor(count / 2);
  const at = from + Math.round(((to - from) * lowCount) / count);
  return {
    axis,
    at,
    low: evenWithin(first, lowCount, { ...area, [axis]: { from, to: at } }),
    high: evenWithin(first + lowCount, count - lowCount, { ...area, [axis]: { from: at, to } }),
  };
}
