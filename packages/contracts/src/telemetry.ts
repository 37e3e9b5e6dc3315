/**
 * What a role publishes about itself, about once a second, as JSON: counters only grow, gauges are as of now, samples
 * are what happened since the last report. Names and units are those of docs/reference/metrics.md.
 */
export interface TelemetryReport {
  readonly role: 'gateway' | 'zone' | 'backend';
  readonly instance: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly samples: Readonly<Record<string, readonly number[]>>;
}
