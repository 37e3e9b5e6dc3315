import type { ZoneArrangement } from '@lifeverse/contracts';
import { Lifecycle, publishTelemetry } from '@lifeverse/node-kit';
import type { ZoneStanding } from './lease-keeper.ts';
import { ZoneHost, type ZoneHostOptions } from './zone-host.ts';

export interface RunningZone {
  /** What others are told of it. */
  standing(): ZoneStanding;
  rearrange(arrangement: ZoneArrangement): void;
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
  return {
    standing: () => host.standing(),
    rearrange: (arrangement) => host.rearrange(arrangement),
    stop: () => life.stop(),
  };
}
