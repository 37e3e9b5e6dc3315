import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@lifeverse/base';
import { type Bus, subjects, type TelemetryReport } from '@lifeverse/contracts';

/** What a role knows about itself at the moment of asking; samples are since it was last asked. */
export type Figures = Pick<TelemetryReport, 'counters' | 'gauges' | 'samples'>;

/** What a bus knows of what was lost on it. */
export interface CountingBus extends Bus {
  readonly dropped: number;
  /** Times that what others said began to come late; left out where nothing can come late. */
  readonly behind?: number;
}

export interface TelemetryPublisherOptions {
  readonly bus: CountingBus;
  readonly role: TelemetryReport['role'];
  readonly instance: string;
  /** How well one knows the time that follows another's is told as well. */
  readonly clock?: Clock;
  readonly figures: () => Figures;
  readonly everyMs?: number;
}

const NANOSECONDS_PER_MS = 1e6;
const DELAY_RESOLUTION_MS = 10;

/** Says on the bus, once a second, how a role is doing, with what the bus has lost and its thread's delay. Returns what ends it. */
export function publishTelemetry(options: TelemetryPublisherOptions): () => void {
  const { bus, role, instance, clock, figures, everyMs = 1_000 } = options;
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const publish = (): void => {
    const { counters, gauges, samples } = figures();
    // The monitor counts from one expected wake-up to the next: its own resolution is no delay.
    const delayMs = (nanoseconds: number): number =>
      Math.max(0, nanoseconds / NANOSECONDS_PER_MS - DELAY_RESOLUTION_MS);
    const loop =
      delay.count > 0
        ? { event_loop_delay_p99_ms: delayMs(delay.percentile(99)), event_loop_delay_max_ms: delayMs(delay.max) }
        : { event_loop_delay_p99_ms: 0, event_loop_delay_max_ms: 0 };
    delay.reset();
    const ofBus = { bus_dropped: bus.dropped, bus_behind: bus.behind ?? 0 };
    const report: TelemetryReport = {
      role,
      instance,
      counters: { ...counters, ...ofBus },
      gauges: { ...gauges, ...loop, ...clockGauges(clock) },
      samples,
    };
    bus.publish(subjects.telemetry, new TextEncoder().encode(JSON.stringify(report)));
  };
  publish();
  const timer = setInterval(publish, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}

function clockGauges(clock: Clock | undefined): Record<string, number> {
  if (clock === undefined) return {};
  return { clock_uncertainty_ms: clock.uncertaintyMs?.() ?? 0, clock_offset_ms: clock.offsetMs?.() ?? 0 };
}
