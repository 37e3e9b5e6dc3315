import { type BackendSetup, type RunningBackend, startBackend } from '@lifeverse/backend';
import type { Clock } from '@lifeverse/base';
import { createLog, type Lifecycle } from '@lifeverse/node-kit';
import type { ServerPlan } from './server-plan.ts';

/** Starts the backend of a server. */
export async function startPlannedBackend(
  plan: ServerPlan,
  life: Lifecycle,
  { bus, clock }: Pick<BackendSetup, 'bus'> & { readonly clock: Clock },
): Promise<Pick<RunningBackend, 'ticketKey' | 'api'>> {
  const log = createLog({ role: 'backend', level: plan.options.logLevel });
  return life.start(
    'backend',
    () => startBackend({ ...plan.backend, bus, clock, log }),
    (it) => it.stop(),
  );
}
