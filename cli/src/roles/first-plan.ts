import { type Bus, decodeZonePlan, subjects, type ZoneArrangement } from '@lifeverse/contracts';
import type { Waiting } from './await-database.ts';

/** It is told twice a second. */
const PATIENCE_MS = 2_000;

/** Which zone has which cells, as soon as a backend says so. */
export async function firstPlan(bus: Bus, { waits, signal }: Waiting): Promise<ZoneArrangement> {
  const told = Promise.withResolvers<ZoneArrangement>();
  const silence = bus.subscribe(subjects.plan, (bytes) => {
    const plan = decodeZonePlan(bytes);
    if (plan !== undefined) told.resolve(plan.arrangement);
  });
  const give = (): void => told.reject(signal.reason);
  signal.addEventListener('abort', give, { once: true });
  const missed = setTimeout(() => waits.begin('plan', 'no backend has told one'), PATIENCE_MS);
  try {
    const arrangement = await told.promise;
    waits.end('plan');
    return arrangement;
  } finally {
    clearTimeout(missed);
    silence();
    signal.removeEventListener('abort', give);
  }
}
