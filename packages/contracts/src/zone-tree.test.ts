import { expect, it } from 'vitest';
import { evenZones, type ZoneTree, zoneAt, zonesBeside, zonesIn } from './zone-tree.ts';

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

it('zones that touch are beside each other, corners included, and none is beside itself', () => {
  const quarters: ZoneTree = {
    axis: 'x',
    at: 0,
    low: { axis: 'y', at: 0, low: { zone: 1 }, high: { zone: 2 } },
    high: { axis: 'y', at: 0, low: { zone: 3 }, high: { axis: 'x', at: 5, low: { zone: 4 }, high: { zone: 5 } } },
  };
  expect(zonesBeside(quarters, 1)).toEqual([2, 3, 4]);
  expect(zonesBeside(quarters, 5)).toEqual([3, 4]);
  expect(zonesBeside({ zone: 2 }, 2)).toEqual([]);
  expect(zonesBeside(quarters, 9)).toEqual([]);
});

it('zones of equal areas share all cells', () => {
  for (const count of [1, 2, 3, 4, 7]) {
    const even = evenZones(count, 12, 9);
    const cells = new Map<number, number>();
    for (let x = 0; x < 12; x++)
      for (let y = 0; y < 9; y++) cells.set(zoneAt(even, x, y), (cells.get(zoneAt(even, x, y)) ?? 0) + 1);
    expect(zonesIn(even)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    for (const size of cells.values()) expect(Math.abs(size - 108 / count)).toBeLessThanOrEqual(12);
    expect(cells.size).toBe(count);
  }
});
