import type { MadePlan } from '@lifeverse/backend';
import { expect, it } from 'vitest';
import { planAsJson, planTable } from './plan-table.ts';

const made = new Date('2026-11-21T23:00:00Z');
const before = { axis: 'x', at: 4, low: { zone: 1 }, high: { zone: 2 } } as const;
const after = {
  axis: 'x',
  at: 4,
  low: { zone: 1 },
  high: { axis: 'y', at: 5, low: { zone: 3 }, high: { zone: 4 } },
} as const;
const plan = {
  generation: 12,
  arrangement: { generation: 4, zones: after, former: before, nextZone: 5 },
  servers: new Map([
    [1, 'alpha'],
    [2, 'beta'],
    [3, 'gone'],
  ]),
  standbys: new Map([[1, 'beta']]),
  homes: new Map([
    [1, ['https://a.example']],
    [3, ['https://b.example', 'https://a.example']],
  ]),
  cells: { columns: 16, rows: 10 },
  zonesMin: 2,
  pinned: [1],
};
const plans: readonly MadePlan[] = [{ plan, why: 'zone 2 is split', made }];
const servers = ['alpha', 'beta', 'gamma', 'gone'].map((server) => ({
  ...{ server, version: '1', region: '', started: made, leaseLeftMs: 900, alive: server !== 'gone', drained: false },
}));

it('tells each zone with its server, its cells, its share of the world and what becomes of it', () => {
  expect(planTable({ plans, servers })).toBe(`zone  server  standby  cells x  cells y  area
1     alpha   beta     0..3     0..9     25 %  pinned
2     beta    -        4..15    0..9     0 %   hands everybody over
3     gone    -        4..15    0..4     38 %  its server is gone
4     -       -        4..15    5..9     38 %  waits for a server

A change is under way.

Without a zone: gamma

Players of https://a.example: zones 1, 3
Players of https://b.example: zones 3

2026-11-21T23:00:00.000Z    12  zone 2 is split`);
});

it('tells it all as an object', () => {
  const told = planAsJson({ plans, servers }) as { zones: unknown[] };
  expect(told).toMatchObject({ generation: 12, changing: true, servers });
  expect(told.zones[3]).toEqual({
    ...{
      zone: 4,
      server: null,
      standby: null,
      alive: false,
      drained: false,
      x: [4, 15],
      y: [5, 9],
      share: 0.375,
      ends: false,
      pinned: false,
      gateways: [],
    },
  });
});

it('says what is drained', () => {
  const drained = servers.map((each) => ({ ...each, drained: each.server === 'alpha' || each.server === 'gamma' }));
  const told = planTable({ plans, servers: drained });
  expect(told).toContain('1     alpha   beta     0..3     0..9     25 %  its server is drained\n');
  expect(told).toContain('\n\nDrained: alpha, gamma\n\n');
  expect(told).not.toContain('Without a zone');
});

it('says where servers stand, as far as they say it', () => {
  const parted = servers.map((each) => ({ ...each, region: each.server === 'beta' ? 'east' : '' }));
  expect(planTable({ plans, servers: parted })).toContain('\n1     alpha        beta (east)  0..3');
});
