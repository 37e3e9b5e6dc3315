import { startGateway } from '@lifeverse/gateway';
import { createLog, type Lifecycle, LocalBus, SystemClock } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';
import { startZoneWithLease } from '@lifeverse/zone';
import { endWhenLost, ownLease } from './own-lease.ts';
import { startPlannedBackend } from './planned-backend.ts';
import type { ServerPlan } from './server-plan.ts';

/** Every role in this thread, over a bus within it. Returns the address. */
export async function startInOneThread(plan: ServerPlan, served: ServedWorld, life: Lifecycle): Promise<string> {
  const { options, zone, gateway } = plan;
  const clock = new SystemClock();
  const bus = await life.start(
    'bus',
    () => new LocalBus(),
    (it) => it.close(),
  );
  const { ticketKey, api } = await startPlannedBackend(plan, life, { bus, clock });
  const log = (role: string) => createLog({ role, level: options.logLevel });
  const lease = { lease: ownLease(plan), lost: endWhenLost(life, log('lifeverse')) };
  await life.start(
    'zone',
    () => startZoneWithLease({ ...zone, ...lease, keeps: true, served, bus, clock, log: log('zone') }),
    (it) => it.stop(),
  );
  const { url } = await life.start(
    'gateway',
    () => startGateway({ ...gateway, ticketKey, api, bus, clock, log: log('gateway') }),
    (it) => it.stop(),
  );
  return url;
}
