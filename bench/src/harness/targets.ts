import type { RatioName, ScenarioResult } from './summary.ts';

/** A figure that is to be reached, with what was measured. */
export interface Reached {
  readonly scenario: string;
  readonly figure: string;
  readonly target: string;
  readonly measured: number | null;
  /** Null when it was not measured. */
  readonly reached: boolean | null;
}

interface Target {
  readonly scenarios: readonly string[];
  readonly figure: string;
  readonly of: { readonly ratio: RatioName } | { readonly ours: string };
  readonly atMost?: number;
  readonly atLeast?: number;
}

const town = ['town-1000', 'town-5000'];
const storm = ['storm-1000', 'storm-5000'];
const largest = ['town-5000', 'storm-5000'];

const targets: readonly Target[] = [
  { scenarios: town, figure: 'CPU over the floor', of: { ratio: 'cpu_ours_over_floor' }, atMost: 1.1 },
  { scenarios: storm, figure: 'CPU over the floor', of: { ratio: 'cpu_ours_over_floor' }, atMost: 1.8 },
  { scenarios: largest, figure: 'growth exponent', of: { ratio: 'growth_exponent' }, atMost: 1.05 },
  { scenarios: ['town-1000'], figure: 'less CPU than Colyseus', of: { ratio: 'cpu_colyseus_over_ours' }, atLeast: 6 },
  {
    scenarios: ['storm-1000'],
    figure: 'less CPU than Colyseus',
    of: { ratio: 'cpu_colyseus_over_ours' },
    atLeast: 3.5,
  },
  {
    scenarios: ['town-1000'],
    figure: 'fewer bytes than Colyseus',
    of: { ratio: 'bytes_colyseus_over_ours' },
    atLeast: 20,
  },
  {
    scenarios: ['storm-1000'],
    figure: 'fewer bytes than Colyseus',
    of: { ratio: 'bytes_colyseus_over_ours' },
    atLeast: 3,
  },
  {
    scenarios: ['town-1000', 'storm-1000'],
    figure: 'position error over that of Colyseus',
    of: { ratio: 'position_error_ours_over_colyseus' },
    atMost: 1,
  },
  { scenarios: largest, figure: 'step and encode p99, ms', of: { ours: 'tick_ms_p99' }, atMost: 8 },
  { scenarios: largest, figure: 'fan-out complete p99, ms', of: { ours: 'fanout_ms_p99' }, atMost: 40 },
  { scenarios: largest, figure: 'ticks skipped', of: { ours: 'ticks_skipped' }, atMost: 0 },
  { scenarios: ['town-10000'], figure: 'disconnects', of: { ours: 'disconnects' }, atMost: 0 },
  { scenarios: ['town-10000'], figure: 'staleness p99, ms', of: { ours: 'staleness_ms_p99' }, atMost: 150 },
  {
    scenarios: [...town, ...storm],
    figure: 'position error p95, m',
    of: { ours: 'position_error_m_p95' },
    atMost: 0.1,
  },
  { scenarios: [...town, ...storm], figure: 'view delay p95, ms', of: { ours: 'view_delay_ms_p95' }, atMost: 150 },
  { scenarios: ['town-5000'], figure: 'RSS slope, KB a player', of: { ratio: 'rss_slope_kb_per_player' }, atMost: 20 },
];

/** Each figure of the table beside what it is to reach, by the median. */
export function heldAgainstTargets(results: readonly ScenarioResult[]): readonly Reached[] {
  return results.flatMap((result) =>
    targets
      .filter((target) => target.scenarios.includes(result.scenario))
      .map((target) => {
        const { of, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = target;
        const spread = 'ratio' in of ? result.ratios[of.ratio] : result.peers.ours[of.ours];
        const measured = spread?.median ?? null;
        return {
          scenario: result.scenario,
          figure: target.figure,
          target: target.atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`,
          measured,
          reached: measured === null ? null : measured <= atMost && measured >= atLeast,
        };
      }),
  );
}
