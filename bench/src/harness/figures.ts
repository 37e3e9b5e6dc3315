import { quantile } from '@lifeverse/base';
import type { WindowReport } from '../peers/report.ts';
import { positionErrors } from './position-error.ts';
import type { RunReport } from './run.ts';

/** The figures that are published of a peer; null where one does not apply. */
export interface Figures {
  readonly cpu_us_per_player_tick: number | null;
  readonly bytes_per_player_s: number | null;
  readonly tick_ms_p99: number | null;
  readonly staleness_ms_p99: number | null;
  readonly position_error_m_p95: number | null;
  readonly rss_kb_per_player: number | null;
}

export const figureNames = [
  'cpu_us_per_player_tick',
  'bytes_per_player_s',
  'tick_ms_p99',
  'staleness_ms_p99',
  'position_error_m_p95',
  'rss_kb_per_player',
] as const satisfies readonly (keyof Figures)[];

/** What helps to judge a run; kept in the results' file. */
export interface RunDetails {
  readonly view_delay_ms_p95: number | null;
  /** The position error p95 in metres, by view delay in milliseconds. */
  readonly position_error_m_p95_at: Readonly<Record<string, number | null>>;
  readonly fanout_ms_p99: number | null;
  readonly ticks: number;
  readonly ticks_skipped: number;
  /** Share of one core that the server used. */
  readonly server_cores: number;
  readonly consumer_cores: number;
  readonly rss_mb: number;
  readonly frame_bytes_median: number;
  readonly inputs_per_player_s: number;
  readonly disconnects: number;
  readonly errors: readonly string[];
  readonly void_reason: string | null;
}

export interface RunFigures {
  readonly figures: Figures;
  readonly details: RunDetails;
}

/** The figures of one run of a peer with so many players; the position error at the first of the view delays. */
export function figuresOf(report: RunReport, players: number, viewDelaysMs: readonly number[]): RunFigures {
  const { server, consumers } = report;
  const seconds = consumers.durationMs / 1000;
  const { truth } = server;
  const errors = truth === null ? [] : viewDelaysMs.map((delayMs) => positionErrors(truth, consumers.shown, delayMs));
  const p95s = errors.map(({ errorsM }) => quantile(errorsM, 0.95));
  const voidReason = server.voidReason;
  return {
    figures: {
      cpu_us_per_player_tick: voidReason === null ? cpuUsPerPlayerTick(server) : null,
      bytes_per_player_s: consumers.bytes / players / seconds,
      // Who has no truth moves nobody: a write loop is not a tick.
      tick_ms_p99: truth === null ? null : quantile(server.tickMs, 0.99),
      staleness_ms_p99: quantile(consumers.stalenessMs, 0.99),
      position_error_m_p95: p95s[0] ?? null,
      rss_kb_per_player: Math.max(0, server.end.rssBytes - report.emptyRssBytes) / 1024 / players,
    },
    details: {
      view_delay_ms_p95: errors[0] === undefined ? null : quantile(errors[0].viewDelaysMs, 0.95),
      position_error_m_p95_at: Object.fromEntries(p95s.map((p95, index) => [`${viewDelaysMs[index]}`, p95])),
      fanout_ms_p99: server.fanoutMs === null ? null : quantile(server.fanoutMs, 0.99),
      ticks: server.end.ticks - server.begin.ticks,
      ticks_skipped: server.ticksSkipped,
      server_cores: (server.end.cpuUs - server.begin.cpuUs) / 1000 / (server.end.atMs - server.begin.atMs),
      consumer_cores: consumers.cpuUs / 1000 / consumers.durationMs,
      rss_mb: server.end.rssBytes / 1024 / 1024,
      frame_bytes_median: consumers.medianFrameBytes,
      inputs_per_player_s: consumers.inputs / players / seconds,
      disconnects: consumers.disconnects,
      errors: consumers.errors,
      void_reason: voidReason,
    },
  };
}

function cpuUsPerPlayerTick(server: WindowReport): number | null {
  const { begin, end } = server;
  const work = end.playerTicks - begin.playerTicks;
  const idleUs = (server.idleCpuUsPerS * (end.atMs - begin.atMs)) / 1000;
  return work > 0 ? (end.cpuUs - begin.cpuUs - idleUs) / work : null;
}
