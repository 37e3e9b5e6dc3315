import { expect, it } from 'vitest';
import { type StormFigures, stormObjections } from './storm-verdict.ts';

const well: StormFigures = {
  players: 5_000,
  arrived: 5_000,
  down_s: 3,
  all_back_s: 40,
  half_back_s: 20,
  back: 5_000,
  told_to_wait: 9_000,
  database_connections_most: 16,
  database_connections_limit: 37,
  database_looks: 100,
  protocol_errors: 0,
  generator_late_ms: 100,
};

it('is content with everyone back within a minute', () => {
  expect(stormObjections(well)).toEqual([]);
});

it.each<[string, Partial<StormFigures>]>([
  ['only 4999 of 5000 had come before', { arrived: 4_999 }],
  ['only 4999 of 5000 came back', { all_back_s: null, back: 4_999 }],
  ['it took 61 s, more than 60', { all_back_s: 61 }],
  ['the database was never looked at', { database_looks: 0 }],
  ['38 connections, above 37', { database_connections_most: 38 }],
  ['2 protocol errors', { protocol_errors: 2 }],
])('%s', (what, change) => {
  expect(stormObjections({ ...well, ...change }).join()).toContain(what);
});
