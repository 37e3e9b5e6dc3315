import type { MessagePort } from 'node:worker_threads';
import { createLog, type LogLevel, PortBus, runAsThread, SystemClock } from '@lifeverse/node-kit';
import { type GatewaySetup, startGateway } from './gateway.ts';

/** What a gateway in a thread of its own is given. */
export interface GatewayThreadSetup extends Omit<GatewaySetup, 'bus' | 'clock' | 'log' | 'waits'> {
  /** To each of the other threads on the bus. */
  readonly busPorts: readonly MessagePort[];
  readonly originMachineMs: number;
  readonly logLevel: LogLevel;
}

await runAsThread(async (setup: GatewayThreadSetup) => {
  const bus = new PortBus(setup.busPorts);
  const clock = new SystemClock(setup.originMachineMs);
  const log = createLog({ role: 'gateway', level: setup.logLevel });
  const gateway = await startGateway({ ...setup, bus, clock, log });
  const stop = async (): Promise<void> => {
    await gateway.stop();
    bus.close();
  };
  return { result: { url: gateway.url }, stop };
});
