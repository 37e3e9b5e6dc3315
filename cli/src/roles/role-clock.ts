import type { Clock } from '@lifeverse/base';
import { SystemClock } from '@lifeverse/node-kit';

/**
 * Server time of a role that is a process of its own: the machine's monotonic counter as it is, so that all roles of one
 * machine have the same time, and a role that is started again goes on in it.
 */
export function roleClock(): Clock {
  return new SystemClock(0);
}
