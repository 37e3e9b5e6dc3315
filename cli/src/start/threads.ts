import { MessageChannel } from 'node:worker_threads';
import type { GatewayThreadSetup } from '@lifeverse/gateway';
import { type Lifecycle, type Log, PortBus, SystemClock, startThread, yieldCpu } from '@lifeverse/node-kit';
import type { ZoneThreadSetup } from '@lifeverse/zone';
import { ownLease } from './own-lease.ts';
import { startPlannedBackend } from './planned-backend.ts';
import type { ServerPlan } from './server-plan.ts';

const NICER = 5;

/**
 * Zone and gateway in a thread each, the backend in this one, each joined to the others by a MessagePort. A thread that
 * dies ends the process: half a server is none. Returns the address.
 */
export async function startInThreads(plan: ServerPlan, life: Lifecycle, log: Log): Promise<string> {
  const { options, zone, gateway } = plan;
  const clock = new SystemClock();
  const shared = { originMachineMs: clock.originMachineMs, logLevel: options.logLevel };
  const [zoneToGateway, zoneToUs, gatewayToUs] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const bus = await life.start(
    'bus',
    () => new PortBus([zoneToUs.port2, gatewayToUs.port2]),
    (it) => it.close(),
  );
  const { ticketKey, api } = await startPlannedBackend(plan, life, { bus, clock });
  const died = (role: string) => (error: Error) => {
    log.fatal({ err: error, role }, 'a thread died');
    process.exit(1);
  };
  const zoneSetup: ZoneThreadSetup = {
    ...zone,
    ...shared,
    lease: ownLease(plan),
    keeps: true,
    worldModule: import.meta.resolve('./worlds.ts'),
    busPorts: [zoneToGateway.port1, zoneToUs.port1],
  };
  const transferredToZone = [zoneToGateway.port1, zoneToUs.port1];
  await life.start(
    'zone',
    () => startThread(mainOf('@lifeverse/zone'), { setup: zoneSetup, transfer: transferredToZone, died: died('zone') }),
    (thread) => thread.stop(),
  );
  const gatewaySetup: GatewayThreadSetup = {
    ...gateway,
    ...shared,
    ticketKey,
    api,
    busPorts: [zoneToGateway.port2, gatewayToUs.port1],
  };
  const { result } = await life.start(
    'gateway',
    () =>
      startThread<{ url: string }>(mainOf('@lifeverse/gateway'), {
        setup: gatewaySetup,
        transfer: [zoneToGateway.port2, gatewayToUs.port1],
        died: died('gateway'),
      }),
    (thread) => thread.stop(),
  );
  // What it does for players may be slow when cores are short; the world may not.
  yieldCpu(NICER);
  return result.url;
}

function mainOf(service: string): URL {
  return new URL(import.meta.resolve(`${service}/main`));
}
