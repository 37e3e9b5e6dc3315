import { areaOf, type ZoneTree, zonesIn } from './zone-tree.ts';

export type Axis = 'x' | 'y';

/** The tree with something else in the place of a zone; the same where it does not have that one. */
export function inPlaceOf(tree: ZoneTree, zone: number, put: ZoneTree): ZoneTree {
  if ('zone' in tree) return tree.zone === zone ? put : tree;
  return { ...tree, low: inPlaceOf(tree.low, zone, put), high: inPlaceOf(tree.high, zone, put) };
}

/** The zone keeps the cells below the cut, `next` gets the others. Undefined when one of the two would have none. */
export function split(tree: ZoneTree, zone: number, axis: Axis, at: number, next: number): ZoneTree | undefined {
  const span = areaOf(tree, zone)?.[axis];
  if (span === undefined || at <= span.from || at >= span.to) return undefined;
  return inPlaceOf(tree, zone, { axis, at, low: { zone }, high: { zone: next } });
}

/** Pairs of zones that one cut parts, and nothing else: they can be made one. */
export function siblings(tree: ZoneTree): (readonly [low: number, high: number])[] {
  if ('zone' in tree) return [];
  const { low, high } = tree;
  const here = 'zone' in low && 'zone' in high ? [[low.zone, high.zone] as const] : [];
  return [...here, ...siblings(low), ...siblings(high)];
}

/** The first of two siblings gets all cells of the other. Undefined when they are none. */
export function merge(tree: ZoneTree, into: number, from: number): ZoneTree | undefined {
  if ('zone' in tree || into === from) return undefined;
  const both = zonesIn(tree);
  if (both.length === 2 && both.includes(into) && both.includes(from)) return { zone: into };
  const low = merge(tree.low, into, from);
  const high = low === undefined ? merge(tree.high, into, from) : undefined;
  if (low !== undefined) return { ...tree, low };
  return high === undefined ? undefined : { ...tree, high };
}
