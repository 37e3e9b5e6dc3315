import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Lifecycle, Log } from '@lifeverse/node-kit';
import type { LeaseSetup } from '@lifeverse/zone';
import { version } from '../version.ts';
import type { ServerPlan } from './server-plan.ts';

/** Nobody waits for its zone but who is started anew; so it may miss a few renewals on a busy machine. */
const LEASE_MS = 3_000;
const NAME_BYTES = 4;
/** The backend keeps what it can meanwhile. */
const STOP_WITHIN_MS = 20_000;

/** The lease of a server that is one process. */
export function ownLease({ backend, options }: ServerPlan): LeaseSetup {
  return {
    databaseUrl: backend.databaseUrl,
    server: options.serverName ?? nameOf(backend.socketFolder),
    version: version(),
    ownBus: true,
    leaseMs: LEASE_MS,
  };
}

/**
 * A database that came along lies in a folder which one server at a time uses: who reads the name there is that server, or the
 * next one, and has its lease at once. One of the operator's may have several: each has a name of its own, and waits for the
 * lease of one that was killed.
 */
function nameOf(folder: string | null): string {
  return folder === null ? `${hostname()}-${randomBytes(NAME_BYTES).toString('hex')}` : 'lifeverse';
}

/** What is to happen when another server has the zone: the rest is closed, and the process ends. */
export function endWhenLost(life: Lifecycle, log: Log): (sentence: string) => void {
  return (sentence) => {
    log.fatal(sentence);
    const end = (): void => process.exit(1);
    setTimeout(end, STOP_WITHIN_MS).unref();
    life.stop().then(end, end);
  };
}
