import { expect, it } from 'vitest';
import { Measures } from './measures.ts';
import { progressLine } from './progress-line.ts';
import { loadReport, reportTable } from './report.ts';

function measured(): Measures {
  const measures = new Measures();
  measures.stale(1_000);
  measures.bytes = measures.updates = 1_000_000;
  measures.joined = 2;
  measures.joinMs.add(10);
  measures.joinMs.add(30);
  measures.beginWindow(5_000);
  for (let ms = 1; ms <= 100; ms++) measures.stale(ms);
  measures.updates += 300;
  measures.bytes += 4_000;
  measures.playerMs += 2 * 10_000;
  measures.viewDelayMs.add(95.123);
  return measures;
}

it('counts what fell into the window, and tells of joining from before it', () => {
  const { loadgen_cpu_s, ...report } = loadReport(measured(), 3, 15_000);
  expect(report).toEqual({
    players: 3,
    joined: 2,
    join_ms_p50: 10,
    join_ms_p99: 30,
    updates_per_s: 30,
    bytes_per_player_s: 200,
    staleness_ms_p50: 50,
    staleness_ms_p99: 99,
    view_delay_ms_p95: 95.1,
    position_error_m_p95: null,
    disconnects: 0,
    protocol_errors: 0,
  });
  expect(loadgen_cpu_s).toBeGreaterThan(0);
});

it('is a table for people, with what is not known called that', () => {
  const table = reportTable(loadReport(measured(), 3, 15_000), [['seen by', 'nobody']]);
  expect(table).toMatch(/^ {2}staleness, p99 {2,}99 ms$/m);
  expect(table).toMatch(/^ {2}position error, p95 {2,}unknown$/m);
  expect(table).toMatch(/^ {2}seen by {2,}nobody$/m);
});

it('fits a glance, and a terminal, while it runs', () => {
  const measures = measured();
  measures.takeProgress(5_000);
  measures.updates += 60_000;
  measures.bytes += 9_000;
  measures.playerMs += 1_000_000;
  for (let ms = 1; ms <= 100; ms++) measures.stale(ms);
  const line = progressLine({
    elapsedS: 3_601.5,
    playing: 10_000,
    players: 10_000,
    ...measures.takeProgress(5_500),
    disconnects: 12,
  });
  expect(line).toBe('3601 s  10000/10000 playing  120,000 updates/s  9 B/s each  stale p99 99 ms  12 lost');
  expect(measures.takeProgress(6_000).stalenessMsP99).toBeNull();
});
