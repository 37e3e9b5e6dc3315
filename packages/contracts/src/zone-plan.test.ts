import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeZonePlan, encodeZonePlan, planLimits, type ZonePlan, zonePlanOf } from './zone-plan.ts';
import type { ZoneTree } from './zone-tree.ts';

const zones: ZoneTree = {
  axis: 'x',
  at: 4,
  low: { zone: 7 },
  high: { axis: 'y', at: -2, low: { zone: 3 }, high: { zone: 5 } },
};
const plan: ZonePlan = {
  generation: 9,
  arrangement: { generation: 4, zones, former: { zone: 7 }, nextZone: 8 },
  servers: new Map([
    [7, 'alpha'],
    [3, 'beta'],
  ]),
  standbys: new Map([[7, 'beta']]),
  homes: new Map([
    [7, ['https://a.example', 'https://b.example:8443']],
    [3, []],
  ]),
  cells: { columns: 16, rows: 10 },
  zonesMin: 2,
  pinned: [5],
};

it('goes over the bus as it is', () => {
  expect(decodeZonePlan(encodeZonePlan(plan))).toEqual(plan);
  const settled = { ...plan, arrangement: { ...plan.arrangement, former: null } };
  expect(decodeZonePlan(encodeZonePlan(settled))).toEqual(settled);
});

it.each([
  ['nothing', undefined],
  ['a list', []],
  ['a generation that is none', { generation: 0 }],
  [
    'a zone twice',
    { arrangement: { generation: 1, zones: { ...zones, low: { zone: 5 } }, former: null, nextZone: 8 } },
  ],
  [
    'half a cut',
    { arrangement: { generation: 1, zones: { axis: 'x', at: 4, low: { zone: 1 } }, former: null, nextZone: 8 } },
  ],
  ['another axis', { arrangement: { generation: 1, zones: { ...zones, axis: 'z' }, former: null, nextZone: 8 } }],
  ['a cut through a cell', { arrangement: { generation: 1, zones: { ...zones, at: 0.5 }, former: null, nextZone: 8 } }],
  ['a zone below one', { arrangement: { generation: 1, zones: { zone: 0 }, former: null, nextZone: 8 } }],
  ['no number for a new zone', { arrangement: { generation: 1, zones, former: null } }],
  ['no word of before', { arrangement: { generation: 1, zones, nextZone: 8 } }],
  ['a zone that is none', { servers: { '01': 'alpha' } }],
  ['a server without a name', { servers: { '7': '' } }],
  ['no servers', { servers: null }],
  ['a home that is no address', { homes: { '7': ['https://a.example/page'] } }],
  ['a home of no zone', { homes: { x: ['https://a.example'] } }],
  ['homes that are one', { homes: { '7': 'https://a.example' } }],
  ['a pin of nothing', { pinned: ['5'] }],
  ['a floor of none', { zonesMin: 0 }],
  ['a world without cells', { cells: { columns: 16, rows: 0 } }],
])('%s is none', (_, wrong) => {
  const json: unknown = JSON.parse(new TextDecoder().decode(encodeZonePlan(plan)));
  const twisted = Array.isArray(wrong) || wrong === undefined ? wrong : { ...(json as object), ...wrong };
  expect(zonePlanOf(twisted)).toBeUndefined();
});

it('a tree that is too deep, or bytes that are anything, are none', () => {
  let deep: ZoneTree = { zone: 1 };
  for (let zone = 2; zone < planLimits.depth + 3; zone++) deep = { axis: 'x', at: zone, low: { zone }, high: deep };
  const arrangement = { generation: 1, zones: deep, former: null, nextZone: 8 };
  expect(decodeZonePlan(encodeZonePlan({ ...plan, arrangement }))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeZonePlan(bytes)).toBeUndefined();
    }),
  );
  const cut = encodeZonePlan(plan);
  for (let end = 0; end < cut.length; end++) expect(decodeZonePlan(cut.subarray(0, end))).toBeUndefined();
});
