import { ManualClock } from '@lifeverse/base';
import type { TelemetryReport } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { MetricsPage } from './metrics-page.ts';
import { metricsReference } from './metrics-reference.ts';
import { type MetricDeclaration, vocabulary } from './vocabulary.ts';

const keyOf = ({ reported, label }: MetricDeclaration): string => (label === null ? reported : `${reported}/some`);

/** A report that leaves nothing out. */
function fullReport(role: TelemetryReport['role']): TelemetryReport {
  const figures = <T>(kind: MetricDeclaration['kind'], value: T): Record<string, T> =>
    Object.fromEntries(vocabulary.filter((m) => m.role === role && m.kind === kind).map((m) => [keyOf(m), value]));
  return {
    role,
    instance: `${role}-1`,
    counters: figures('counter', 3),
    gauges: figures('gauge', 4),
    samples: figures('histogram', [5]),
  };
}

/** Names as `# TYPE` gives them. */
const namesOn = (page: string): string[] =>
  [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${type} ${name}`);

it('shows exactly the metrics of the vocabulary', async () => {
  const page = new MetricsPage(new ManualClock());
  page.take(fullReport('zone'));
  page.take(fullReport('gateway'));
  page.take(fullReport('backend'));
  const text = await page.render();
  expect(namesOn(text).sort()).toEqual(vocabulary.map(({ kind, name }) => `${kind} ${name}`).sort());
  const series = [...text.matchAll(/^([a-z0-9_]+)(?:\{[^}]*\})? /gim)].map(([, name]) => name as string);
  const known = new Set(
    vocabulary.flatMap(({ name, kind }) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  expect(series.filter((name) => !known.has(name))).toEqual([]);
});

it('has no two metrics of one name or one key', () => {
  expect(new Set(vocabulary.map(({ name }) => name)).size).toBe(vocabulary.length);
  expect(new Set(vocabulary.map(({ role, kind, reported }) => `${role} ${kind} ${reported}`)).size).toBe(
    vocabulary.length,
  );
});

it('turns milliseconds into seconds, and the end of a key into a label', async () => {
  const clock = new ManualClock();
  const page = new MetricsPage(clock);
  const counters = { ticks: 12, 'refusals/too_slow': 2, 'refusals/join_timeout': 1 };
  page.take({ role: 'gateway', instance: 'g', counters, gauges: { event_loop_delay_max_ms: 25 }, samples: {} });
  page.take({ role: 'zone', instance: 'z', counters: { ticks: 12 }, gauges: {}, samples: { step_ms: [250, 500] } });
  clock.advanceTo(1_500);
  const text = await page.render();
  expect(text).toContain('lifeverse_gateway_refusals_total{instance="g",code="too_slow"} 2\n');
  expect(text).toContain('lifeverse_gateway_refusals_total{instance="g",code="join_timeout"} 1\n');
  expect(text).toContain('lifeverse_gateway_event_loop_delay_max_seconds{instance="g"} 0.025\n');
  expect(text).toContain('lifeverse_zone_ticks_total{instance="z"} 12\n');
  expect(text).toContain('lifeverse_zone_step_seconds_sum{instance="z"} 0.75\n');
  expect(text).toContain('lifeverse_zone_step_seconds_bucket{instance="z",le="0.25"} 1\n');
  const samples = { journal_batch_requests: [3, 600] };
  page.take({ role: 'backend', instance: 'b', counters: {}, gauges: {}, samples });
  const counted = await page.render();
  expect(counted).toContain('lifeverse_backend_journal_batch_requests_sum{instance="b"} 603\n');
  expect(counted).toContain('lifeverse_backend_journal_batch_requests_bucket{instance="b",le="5"} 1\n');
  expect(text).toContain('lifeverse_telemetry_age_seconds{role="zone",instance="z"} 1.5\n');
  expect(text).toContain('lifeverse_telemetry_unknown_total 1');
});

it('tells the CPU time and the memory of the process under the usual names', async () => {
  const text = await new MetricsPage(new ManualClock()).render();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const { user, system } = process.cpuUsage();
  expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(value('process_cpu_seconds_total')).toBeLessThanOrEqual((user + system) / 1e6);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
});

it('is described on its page, which is as fresh as the vocabulary', async () => {
  await expect(metricsReference()).toMatchFileSnapshot('../../../../docs/reference/metrics.md');
});
