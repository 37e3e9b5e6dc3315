import { expect, it } from 'vitest';
import { inPlaceOf, merge, siblings, split } from './zone-changes.ts';
import { type ZoneTree, zoneAt, zonesWithin } from './zone-tree.ts';

const tree: ZoneTree = {
  axis: 'x',
  at: 4,
  low: { zone: 7 },
  high: { axis: 'y', at: -2, low: { zone: 3 }, high: { zone: 5 } },
};

it('a zone is split at a cut, and its lower cells stay with it', () => {
  const after = split(tree, 5, 'x', 9, 8) as ZoneTree;
  expect([zoneAt(after, 8, 0), zoneAt(after, 9, 0), zoneAt(after, 9, -3), zoneAt(after, 3, 0)]).toEqual([5, 8, 3, 7]);
  const none = [
    split(tree, 99, 'x', 9, 8),
    split(tree, 5, 'x', 4, 8),
    split(tree, 3, 'y', -2, 8),
    split(tree, 5, 'y', -9, 8),
  ];
  expect(none).toEqual([undefined, undefined, undefined, undefined]);
});

it('siblings can be made one, and no others', () => {
  expect(siblings(tree)).toEqual([[3, 5]]);
  expect(merge(tree, 5, 3)).toEqual({ axis: 'x', at: 4, low: { zone: 7 }, high: { zone: 5 } });
  expect([merge(tree, 7, 3), merge(tree, 5, 5), merge({ zone: 1 }, 1, 1)]).toEqual([undefined, undefined, undefined]);
  const one = merge(tree, 3, 5) as ZoneTree;
  expect([siblings(one), merge(one, 7, 3), siblings({ zone: 1 })]).toEqual([[[7, 3]], { zone: 7 }, []]);
});

it('another zone can stand in the place of one', () => {
  expect(inPlaceOf(tree, 7, { zone: 9 })).toEqual({ ...tree, low: { zone: 9 } });
});

it('who gets cells from a zone, and who has given it some, follows from the trees before and after', () => {
  const after = split(tree, 5, 'x', 9, 8) as ZoneTree;
  expect([zonesWithin(after, tree, 5), zonesWithin(tree, after, 8), zonesWithin(after, tree, 7)]).toEqual([
    [8],
    [5],
    [],
  ]);
  // Zones that only touch share nothing.
  expect([zonesWithin(tree, tree, 3), zonesWithin(tree, tree, 99)]).toEqual([[], []]);
});
