import type { Measures } from './measures.ts';

/** What `--json` prints: the names are what others read. Null: there was nothing to measure it by. */
export interface LoadReport {
  readonly players: number;
  readonly joined: number;
  readonly join_ms_p50: number | null;
  readonly join_ms_p99: number | null;
  /** Messages that tell of changes, all players together. */
  readonly updates_per_s: number;
  /** Received, with the headers of WebSocket frames. */
  readonly bytes_per_player_s: number;
  /** From the server time of a change to its application at another client. */
  readonly staleness_ms_p50: number | null;
  readonly staleness_ms_p99: number | null;
  /** How far back lies the moment of the world that a client shows. */
  readonly view_delay_ms_p95: number | null;
  /** Between what a client shows and the zone's truth of that moment. */
  readonly position_error_m_p95: number | null;
  readonly disconnects: number;
  readonly protocol_errors: number;
  /** Of the whole process so far. */
  readonly loadgen_cpu_s: number;
}

export function loadReport(measures: Measures, players: number, nowMs: number): LoadReport {
  const { seconds, updates, bytes, playerS } = measures.window(nowMs);
  const cpu = process.cpuUsage();
  return {
    players,
    joined: measures.joined,
    join_ms_p50: rounded(measures.joinMs.quantile(0.5), 1),
    join_ms_p99: rounded(measures.joinMs.quantile(0.99), 1),
    updates_per_s: rounded(per(updates, seconds), 1),
    bytes_per_player_s: rounded(per(bytes, playerS), 1),
    staleness_ms_p50: rounded(measures.stalenessMs.quantile(0.5), 1),
    staleness_ms_p99: rounded(measures.stalenessMs.quantile(0.99), 1),
    view_delay_ms_p95: rounded(measures.viewDelayMs.quantile(0.95), 1),
    position_error_m_p95: rounded(measures.positionErrorM.quantile(0.95), 4),
    disconnects: measures.disconnects,
    protocol_errors: measures.protocolErrors,
    loadgen_cpu_s: rounded((cpu.user + cpu.system) / 1e6, 2),
  };
}

function per(amount: number, of: number): number {
  return of > 0 ? amount / of : 0;
}

function rounded<T extends number | null>(value: T, digits: number): T {
  return (value === null ? null : Number(value.toFixed(digits))) as T;
}

const rows: readonly (readonly [keyof LoadReport, label: string, unit: string])[] = [
  ['players', 'players', ''],
  ['joined', 'joined', ''],
  ['join_ms_p50', 'time to join, median', 'ms'],
  ['join_ms_p99', 'time to join, p99', 'ms'],
  ['updates_per_s', 'updates received by all', '/s'],
  ['bytes_per_player_s', 'received by each', 'B/s'],
  ['staleness_ms_p50', 'staleness, median', 'ms'],
  ['staleness_ms_p99', 'staleness, p99', 'ms'],
  ['view_delay_ms_p95', 'view delay, p95', 'ms'],
  ['position_error_m_p95', 'position error, p95', 'm'],
  ['disconnects', 'disconnects', ''],
  ['protocol_errors', 'protocol errors', ''],
  ['loadgen_cpu_s', 'CPU time of the load generator', 's'],
];

/** For people. `notes`: figures that the JSON has no place for. */
export function reportTable(report: LoadReport, notes: readonly (readonly [label: string, value: string])[]): string {
  const cells = rows.map(([key, label, unit]) => {
    const value = report[key];
    return [label, value === null ? 'unknown' : `${value.toLocaleString('en')} ${unit}`.trimEnd()] as const;
  });
  const all = [...cells, ...notes];
  const width = Math.max(...all.map(([label]) => label.length));
  return all.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n');
}
