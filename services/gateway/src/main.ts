import type { MessagePort } from 'node:worker_threads';
import type { GuestDesk, TicketGrant } from '@lifeverse/contracts';
import { createLog, type LogLevel, PortBus, RequestPort, runAsThread, SystemClock } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import { type GatewaySetup, startGateway } from './gateway.ts';

/** What a gateway in a thread of its own is given. */
export interface GatewayThreadSetup extends Omit<GatewaySetup, 'bus' | 'clock' | 'log' | 'guests'> {
  /** To each of the other threads on the bus. */
  readonly busPorts: readonly MessagePort[];
  /** To the backend; a question is a method of `GuestDesk`. */
  readonly guestPort: MessagePort;
  readonly originMachineMs: number;
  readonly logLevel: LogLevel;
}

await runAsThread(async (setup: GatewayThreadSetup) => {
  const bus = new PortBus(setup.busPorts);
  const backend = new RequestPort(setup.guestPort);
  const guests: GuestDesk = {
    offerName: () => backend.ask('offerName') as Promise<string>,
    grant: (request) => backend.ask('grant', request) as Promise<TicketGrant | ErrorCode>,
  };
  const clock = new SystemClock(setup.originMachineMs);
  const log = createLog({ role: 'gateway', level: setup.logLevel });
  const gateway = await startGateway({ ...setup, bus, guests, clock, log });
  const stop = async (): Promise<void> => {
    await gateway.stop();
    backend.close();
    bus.close();
  };
  return { result: { url: gateway.url }, stop };
});
