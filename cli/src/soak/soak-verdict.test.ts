import { expect, it } from 'vitest';
import { type SoakFigures, soakObjections } from './soak-verdict.ts';

const good: SoakFigures = {
  minutes: 10,
  players_mean: 200,
  joins: 2_000,
  rss_mib_end: 150,
  rss_mib_per_min: 2,
  heap_mib_end: 40,
  heap_mib_per_min: 0.25,
  ticks: 12_000,
  ticks_skipped: 12,
  disconnects: 0,
  protocol_errors: 0,
  staleness_ms_p99: 20,
  players_left: 0,
  connections_left: 0,
  avatars_left: 0,
  entities_more: 0,
  exit_code: 0,
};

it('finds nothing wrong with what stays within its bounds', () => {
  expect(soakObjections(good)).toEqual([]);
});

it.each<[string, Partial<SoakFigures>]>([
  ['resident memory grows by 2.1 MiB a minute, more than 2', { rss_mib_per_min: 2.1 }],
  ['the heap grows by 0.26 MiB a minute, more than 0.25', { heap_mib_per_min: 0.26 }],
  ['the heap was not measured', { heap_mib_per_min: null }],
  ['13 of 12000 ticks were skipped', { ticks_skipped: 13 }],
  ['no tick was run', { ticks: 0, ticks_skipped: 0 }],
  ['nobody joined', { joins: 0 }],
  ['1 connections were lost', { disconnects: 1 }],
  ['2 protocol errors', { protocol_errors: 2 }],
  ['3 players are left at the gateway', { players_left: 3 }],
  ['4 connections are left', { connections_left: 4 }],
  ['5 avatars are left in the zone', { avatars_left: 5 }],
  ['there are -1 more entities than at the start', { entities_more: -1 }],
  ['the server ended with null', { exit_code: null }],
])('says: %s', (sentence, more) => {
  expect(soakObjections({ ...good, ...more })).toEqual([sentence]);
});
