import type { Clock } from '@lifeverse/base';
import type { TelemetryReport } from '@lifeverse/contracts';
import type { Attributes, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { type MetricDeclaration, vocabulary } from './vocabulary.ts';

/** Seconds. Fine where ticks live, coarse beyond. */
const HISTOGRAM_BOUNDARIES = [
  0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.0125, 0.015, 0.02, 0.025,
  0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1,
];

/** Of what is counted and not measured. */
const COUNT_BOUNDARIES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Collects when asked; nothing is sent anywhere. */
class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

interface Instance {
  readonly report: TelemetryReport;
  readonly atMs: number;
}

/**
 * Everything on `/metrics`: the newest report of each role, and this process. Only what the vocabulary declares is
 * shown; a figure that it does not know is counted, not shown.
 */
export class MetricsPage {
  readonly #clock: Clock;
  readonly #reader = new PullReader();
  readonly #serializer = new PrometheusSerializer('', false, undefined, true, true);
  readonly #histograms = new Map<string, { readonly histogram: Histogram; readonly scale: number }>();
  readonly #instances = new Map<string, Instance>();
  readonly #known = new Set(vocabulary.map(({ role, kind, reported }) => `${role} ${kind} ${reported}`));
  #unknown = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    const meter = new MeterProvider({ readers: [this.#reader] }).getMeter('lifeverse');
    for (const declared of vocabulary) this.#create(meter, declared);
  }

  take(report: TelemetryReport): void {
    this.#instances.set(`${report.role} ${report.instance}`, { report, atMs: this.#clock.nowMs() });
    this.#countUnknown(report);
    for (const [key, values] of Object.entries(report.samples)) {
      const known = this.#histograms.get(`${report.role} ${key}`);
      for (const value of values) known?.histogram.record(value * known.scale, { instance: report.instance });
    }
  }

  /** The page in Prometheus' text format. */
  async render(): Promise<string> {
    const { resourceMetrics } = await this.#reader.collect();
    return this.#serializer.serialize(resourceMetrics);
  }

  #countUnknown(report: TelemetryReport): void {
    const kinds = { counter: report.counters, gauge: report.gauges, histogram: report.samples };
    for (const [kind, figures] of Object.entries(kinds)) {
      for (const key of Object.keys(figures)) {
        if (!this.#known.has(`${report.role} ${kind} ${baseOf(key)}`)) this.#unknown++;
      }
    }
  }

  #create(meter: Meter, declared: MetricDeclaration): void {
    const { name, kind, role, reported, unit, sentence, scale } = declared;
    const options = { description: sentence, unit };
    if (kind === 'histogram') {
      const advice = { explicitBucketBoundaries: unit === 's' ? HISTOGRAM_BOUNDARIES : COUNT_BOUNDARIES };
      const histogram = meter.createHistogram(name, { ...options, advice });
      this.#histograms.set(`${role} ${reported}`, { histogram, scale });
      return;
    }
    const instrument =
      kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
    instrument.addCallback((result) => this.#observe(declared, result));
  }

  #observe(declared: MetricDeclaration, result: ObservableResult): void {
    if (declared.role === 'process') result.observe(processFigure(declared.reported) * declared.scale);
    else if (declared.role === 'telemetry') this.#observeTelemetry(declared, result);
    else this.#observeRole(declared, result);
  }

  #observeRole({ role, kind, reported, label, scale }: MetricDeclaration, result: ObservableResult): void {
    for (const { report } of this.#instances.values()) {
      if (report.role !== role) continue;
      const figures = kind === 'counter' ? report.counters : report.gauges;
      for (const [key, value] of Object.entries(figures)) {
        if (baseOf(key) !== reported) continue;
        const attributes: Attributes = { instance: report.instance };
        if (label !== null) attributes[label] = key.slice(reported.length + 1);
        result.observe(value * scale, attributes);
      }
    }
  }

  #observeTelemetry({ reported, scale }: MetricDeclaration, result: ObservableResult): void {
    if (reported === 'unknown') result.observe(this.#unknown);
    else {
      for (const { report, atMs } of this.#instances.values()) {
        result.observe((this.#clock.nowMs() - atMs) * scale, { role: report.role, instance: report.instance });
      }
    }
  }
}

/** `refusals` of `refusals/too_slow`. */
function baseOf(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
}

function processFigure(reported: string): number {
  if (reported === 'resident_memory_bytes') return process.memoryUsage.rss();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
