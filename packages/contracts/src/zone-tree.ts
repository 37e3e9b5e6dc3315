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
