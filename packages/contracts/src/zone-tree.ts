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

/** From a cell up to, not including, another. */
interface Span {
  readonly from: number;
  readonly to: number;
}
type Area = Readonly<Record<'x' | 'y', Span>>;

const everything: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

function areasIn(tree: ZoneTree, area: Area): [zone: number, area: Area][] {
  if ('zone' in tree) return [[tree.zone, area]];
  const { axis, at, low, high } = tree;
  return [
    ...areasIn(low, { ...area, [axis]: { ...area[axis], to: at } }),
    ...areasIn(high, { ...area, [axis]: { ...area[axis], from: at } }),
  ];
}

const touch = (a: Span, b: Span): boolean => a.from <= b.to && b.from <= a.to;

/** The zones that have cells beside those of a zone, corners included. */
export function zonesBeside(tree: ZoneTree, zone: number): number[] {
  const areas = areasIn(tree, { x: everything, y: everything });
  const own = areas.filter(([each]) => each === zone).map(([, area]) => area);
  const beside = areas.filter(([, { x, y }]) => own.some((area) => touch(area.x, x) && touch(area.y, y)));
  return [...new Set(beside.map(([each]) => each))].filter((each) => each !== zone);
}
