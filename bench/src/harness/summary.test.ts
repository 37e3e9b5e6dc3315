import { expect, it } from 'vitest';
import type { PeerName } from '../peers/peer.ts';
import { parseScenario } from '../scenario.ts';
import type { RunFigures } from './figures.ts';
import type { Round } from './rounds.ts';
import { published, summarize } from './summary.ts';
import { heldAgainstTargets } from './targets.ts';

function round(number: number, name: string, peer: PeerName, cpuUs: number | null, more: object = {}): Round {
  const scenario = parseScenario(name, 1);
  if (typeof scenario === 'string') throw new Error(scenario);
  const result: RunFigures = {
    figures: {
      cpu_us_per_player_tick: cpuUs,
      bytes_per_player_s: 200,
      tick_ms_p99: null,
      staleness_ms_p99: null,
      position_error_m_p95: null,
      rss_kb_per_player: null,
    },
    details: {
      view_delay_ms_p95: null,
      position_error_m_p95_at: {},
      fanout_ms_p99: null,
      ticks: 200,
      ticks_skipped: 0,
      server_cores: 0.1,
      consumer_cores: 0.1,
      rss_mb: 100,
      frame_bytes_median: 10,
      inputs_per_player_s: 0.5,
      disconnects: 0,
      errors: [],
      void_reason: null,
      ...more,
    },
  };
  return { scenario, round: number, peer, result, failure: null };
}

it('compares inside a round only, then takes the median', () => {
  // The machine slows down by half in round 1: the ratios hardly notice.
  const rounds = [
    round(0, 'town-1000', 'ours', 4),
    round(0, 'town-1000', 'floor', 4),
    round(1, 'town-1000', 'ours', 9),
    round(1, 'town-1000', 'floor', 8),
    round(2, 'town-1000', 'ours', 4.2),
    round(2, 'town-1000', 'floor', 4),
  ];
  const [result] = summarize(rounds);
  expect(result?.ratios.cpu_ours_over_floor).toEqual({ median: 1.05, min: 1, max: 1.125 });
  expect(result?.peers.ours.cpu_us_per_player_tick).toEqual({ median: 4.2, min: 4, max: 9 });
});

it('gives growth, slope and the cost of an input from scenarios side by side', () => {
  const results = summarize([
    round(0, 'town-1000', 'ours', 4, { rss_mb: 100 }),
    round(0, 'town-5000', 'ours', 4, { rss_mb: 160 }),
    round(0, 'input-20hz-1000', 'ours', 10, { inputs_per_player_s: 20.5 }),
  ]);
  expect(results.map((result) => result.ratios.growth_exponent?.median ?? null)).toEqual([null, 1, null]);
  expect(results[1]?.ratios.rss_slope_kb_per_player?.median).toBeCloseTo((60 * 1024) / 4000, 9);
  expect(results[2]?.ratios.input_cost_us?.median).toBeCloseTo(6, 9);
});

it('publishes every field of every peer, null where it does not apply', () => {
  const [result] = summarize([round(0, 'town-5000', 'floor', null)]);
  if (result === undefined) throw new Error('unreachable');
  const line = published(result);
  expect(Object.keys(line)).toEqual(['scenario', 'players', 'ours', 'colyseus', 'floor', 'ratios']);
  expect(Object.values(line.ours)).toEqual([null, null, null, null, null, null]);
  expect(line.floor).toMatchObject({ cpu_us_per_player_tick: null, bytes_per_player_s: 200 });
});

it('holds medians against targets, and does not judge what was not measured', () => {
  const held = heldAgainstTargets(
    summarize([
      round(0, 'town-1000', 'ours', 5),
      round(0, 'town-1000', 'floor', 4),
      round(0, 'town-1000', 'colyseus', 30),
    ]),
  );
  const byFigure = new Map(held.map((figure) => [figure.figure, figure.reached]));
  expect(byFigure.get('CPU over the floor')).toBe(false);
  expect(byFigure.get('less CPU than Colyseus')).toBe(true);
  expect(byFigure.get('position error p95, m')).toBeNull();
});
