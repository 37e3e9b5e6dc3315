import { expect, it } from 'vitest';
import { type ZoneTree, zoneAt, zonesIn } from './zone-tree.ts';

const tree: ZoneTree = {
  axis: 'x',
  at: 4,
  low: { zone: 7 },
  high: { axis: 'y', at: -2, low: { zone: 3 }, high: { axis: 'x', at: 9, low: { zone: 5 }, high: { zone: 1 } } },
};

it('every cell has one zone: cells below a cut are low, those at it and above are high', () => {
  const rows = [-3, -2, 0].map((y) => [-30_000, 3, 4, 8, 9, 30_000].map((x) => zoneAt(tree, x, y)).join(' '));
  expect(rows).toEqual(['7 7 3 3 3 3', '7 7 5 5 1 1', '7 7 5 5 1 1']);
  expect(zoneAt({ zone: 2 }, 5, 5)).toBe(2);
});

it('all zones are listed, each once', () => {
  expect(zonesIn(tree)).toEqual([7, 3, 5, 1]);
});
