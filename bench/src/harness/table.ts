import { peerNames } from '../peers/peer.ts';
import type { Figures } from './figures.ts';
import { rounded, type Spread } from './statistics.ts';
import type { ScenarioResult } from './summary.ts';
import type { Reached } from './targets.ts';

const columns: readonly { readonly key: keyof Figures; readonly title: string }[] = [
  { key: 'cpu_us_per_player_tick', title: 'CPU us/player-tick' },
  { key: 'bytes_per_player_s', title: 'B/s a player' },
  { key: 'tick_ms_p99', title: 'tick p99 ms' },
  { key: 'staleness_ms_p99', title: 'staleness p99 ms' },
  { key: 'position_error_m_p95', title: 'position error p95 m' },
  { key: 'rss_kb_per_player', title: 'RSS KB/player' },
];

/** Medians with least and greatest of the rounds, for a person. */
export function resultTable(results: readonly ScenarioResult[]): string {
  const rows = [['scenario', 'peer', ...columns.map((column) => column.title)]];
  for (const result of results) {
    for (const peer of peerNames) {
      const spreads = result.peers[peer];
      if (Object.keys(spreads).length === 0) continue;
      rows.push([result.scenario, peer, ...columns.map((column) => shownSpread(spreads[column.key]))]);
    }
  }
  return aligned(rows);
}

export function ratioTable(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap((result) =>
    Object.entries(result.ratios)
      .filter(([, spread]) => spread !== null)
      .map(([name, spread]) => [result.scenario, name, shownSpread(spread)]),
  );
  return rows.length === 0 ? '' : aligned([['scenario', 'ratio', 'median (least-greatest)'], ...rows]);
}

export function targetTable(figures: readonly Reached[]): string {
  const measured = figures.filter((figure) => figure.measured !== null);
  if (measured.length === 0) return '';
  const rows = measured.map((figure) => [
    figure.scenario,
    figure.figure,
    figure.target,
    String(rounded(figure.measured ?? 0, 3)),
    figure.reached === true ? 'reached' : 'missed',
  ]);
  return aligned([['scenario', 'figure', 'target', 'measured', ''], ...rows]);
}

function shownSpread(spread: Spread | null | undefined): string {
  if (!spread) return '-';
  const [median, min, max] = [spread.median, spread.min, spread.max].map((value) => rounded(value, 3));
  return min === max ? `${median}` : `${median} (${min}-${max})`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
