import { expect, it } from 'vitest';
import { victims } from './victims.ts';

const told = (zone: number, players: number) => {
  return { zone, epoch: zone, settled: 0, busyPermille: 0, players, middle: { x: 0, y: 0 } };
};
const notices = new Map([
  ['zone-1', [told(1, 2)]],
  ['zone-2', [told(2, 3), told(4, 4)]],
  ['zone-3', [told(3, 5)]],
]);
const servers = new Map([
  [1, 'zone-1'],
  [2, 'zone-2'],
  [3, 'zone-3'],
  [4, 'zone-2'],
]);
const standbys = new Map<number, string>();
const alive = ['zone-1', 'zone-2', 'zone-3'];

it('the server with the most players fails, with all its zones', () => {
  expect(victims(1, notices, { servers, standbys }, alive)).toEqual({ servers: ['zone-2'], zones: [2, 4] });
  expect(victims(1, notices, { servers, standbys }, ['zone-1', 'zone-3'])).toEqual({ servers: ['zone-3'], zones: [3] });
});

it('with it the one that stands by for its fullest zone, or where none does, the one with the next most', () => {
  const copies = new Map([
    [2, 'zone-3'],
    [4, 'zone-1'],
  ]);
  expect(victims(2, notices, { servers, standbys: copies }, alive)).toEqual({
    servers: ['zone-2', 'zone-1'],
    zones: [1, 2, 4],
  });
  expect(victims(2, notices, { servers, standbys }, alive)).toEqual({
    servers: ['zone-2', 'zone-3'],
    zones: [2, 3, 4],
  });
});

it('somebody is left to go on', () => {
  expect(victims(2, notices, { servers, standbys }, ['zone-1', 'zone-2'])).toBeNull();
  expect(victims(1, notices, { servers, standbys }, ['zone-2'])).toBeNull();
});
