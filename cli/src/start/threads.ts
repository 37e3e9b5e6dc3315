import { MessageChannel } from 'node:worker_threads';
import { startBackend } from '@lifeverse/backend';
import type { GatewayThreadSetup } from '@lifeverse/gateway';
import { answerRequests, type Lifecycle, type Log, SystemClock, startThread } from '@lifeverse/node-kit';
import type { ZoneThreadSetup } from '@lifeverse/zone';
import type { ServerPlan } from './server-plan.ts';

/**
 * Zone and gateway in a thread each, joined by a MessagePort; the backend stays in this one. A thread that dies ends
 * the process: half a server is none. Returns the address.
 */
export async function startInThreads(plan: ServerPlan, life: Lifecycle, log: Log): Promise<string> {
  const { options, zone, gateway } = plan;
  const clock = new SystemClock();
  const shared = { originMachineMs: clock.originMachineMs, logLevel: options.logLevel };
  const between = new MessageChannel();
  const guests = new MessageChannel();
  const { backend, ticketKey } = startBackend(clock);
  answerRequests(guests.port1, (method, argument) =>
    method === 'offerName' ? backend.offerName() : backend.grant(argument),
  );
  await life.start(
    'backend',
    () => guests.port1,
    (port) => port.close(),
  );
  const died = (role: string) => (error: Error) => {
    log.fatal({ err: error, role }, 'a thread died');
    process.exit(1);
  };
  const zoneSetup: ZoneThreadSetup = {
    ...zone,
    ...shared,
    worldModule: import.meta.resolve('./worlds.ts'),
    busPorts: [between.port1],
  };
  await life.start(
    'zone',
    () => startThread(mainOf('@lifeverse/zone'), { setup: zoneSetup, transfer: [between.port1], died: died('zone') }),
    (thread) => thread.stop(),
  );
  const gatewaySetup: GatewayThreadSetup = {
    ...gateway,
    ...shared,
    ticketKey,
    busPorts: [between.port2],
    guestPort: guests.port2,
  };
  const { result } = await life.start(
    'gateway',
    () =>
      startThread<{ url: string }>(mainOf('@lifeverse/gateway'), {
        setup: gatewaySetup,
        transfer: [between.port2, guests.port2],
        died: died('gateway'),
      }),
    (thread) => thread.stop(),
  );
  return result.url;
}

function mainOf(service: string): URL {
  return new URL(import.meta.resolve(`${service}/main`));
}
