import { Lifecycle, publishTelemetry } from '@lifeverse/node-kit';
import { ZoneHost, type ZoneHostOptions } from './zone-host.ts';

export interface RunningZone {
  stop(): Promise<void>;
}

/** Builds and starts a zone; it ticks from now on. */
export async function startZone(options: ZoneHostOptions): Promise<RunningZone> {
  const life = new Lifecycle();
  const host = new ZoneHost(options);
  await life.start(
    'ticks',
    () => host.start(),
    () => host.stop(),
  );
  await life.start(
    'telemetry',
    () =>
      publishTelemetry({
        bus: options.bus,
        clock: options.clock,
        role: 'zone',
        instance: `zone-${options.zone}`,
        figures: () => host.takeFigures(),
      }),
    (end) => end(),
  );
  return { stop: () => life.stop() };
}
