import { type BackendSetup, type RunningBackend, startBackend } from '@lifeverse/backend';
import type { Clock } from '@lifeverse/base';
import { createLog, type Lifecycle } from '@lifeverse/node-kit';
import type { ServerPlan } from './server-plan.ts';

/** Starts the backend of a server, and takes the zone: whoever had it before is refused from now on. */
export async function startPlannedBackend(
  plan: ServerPlan,
  life: Lifecycle,
  { bus, clock }: Pick<BackendSetup, 'bus'> & { readonly clock: Clock },
): Promise<Pick<RunningBackend, 'ticketKey' | 'api'> & { readonly epoch: number }> {
  const log = createLog({ role: 'backend', level: plan.options.logLevel });
  const backend = await life.start(
    'backend',
    () => startBackend({ ...plan.backend, bus, clock, log }),
    (it) => it.stop(),
  );
  return { ticketKey: backend.ticketKey, api: backend.api, epoch: await backend.takeZone(plan.zone.zone) };
}
