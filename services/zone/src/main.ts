import type { MessagePort } from 'node:worker_threads';
import { createLog, type LogLevel, PortBus, runAsThread, SystemClock } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';
import type { LeaseSetup } from './lease-keeper.ts';
import type { ZoneHostOptions } from './zone-host.ts';
import { startZoneWithLease } from './zone-with-lease.ts';

/** What a zone in a thread of its own is given. */
export interface ZoneThreadSetup extends Pick<ZoneHostOptions, 'zone' | 'seed' | 'worldOptions' | 'keeps'> {
  readonly lease: LeaseSetup;
  /** The module whose `served` builds the world with its rules: functions do not travel between threads. */
  readonly worldModule: string;
  readonly worldName: string;
  readonly busPorts: readonly MessagePort[];
  readonly originMachineMs: number;
  readonly logLevel: LogLevel;
}

interface WorldModule {
  served(name: string, options: ZoneHostOptions['worldOptions']): Promise<ServedWorld>;
}

await runAsThread(async (setup: ZoneThreadSetup) => {
  const { served } = (await import(setup.worldModule)) as WorldModule;
  const bus = new PortBus(setup.busPorts);
  const log = createLog({ role: 'zone', level: setup.logLevel });
  const zone = await startZoneWithLease({
    ...setup,
    served: await served(setup.worldName, setup.worldOptions),
    bus,
    clock: new SystemClock(setup.originMachineMs),
    log,
    lost: (sentence) => {
      log.fatal(sentence);
      // Of this thread: who started it hears of it, and ends the rest.
      process.exit(1);
    },
  });
  const stop = async (): Promise<void> => {
    await zone.stop();
    bus.close();
  };
  return { result: null, stop };
});
