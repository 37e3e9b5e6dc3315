import { type Lifecycle, type Log, NatsBus, type Waits } from '@lifeverse/node-kit';
import { type BusOptions, busAccess } from './bus-options.ts';

export interface RoleBusUser {
  readonly name: string;
  readonly life: Lifecycle;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly waits: Waits;
}

/**
 * The bus of a role: waits for a NATS that is not there, now and later. What is lost meanwhile the role counts. Throws a
 * ConfigurationError when NATS refuses the role.
 */
export async function openRoleBus(options: BusOptions, user: RoleBusUser): Promise<NatsBus> {
  const { name, life, log, signal, waits } = user;
  const access = busAccess(options);
  const refused = new Set<string>();
  return life.start(
    'bus',
    () =>
      NatsBus.connect({
        ...access,
        name,
        signal,
        onStatus: ({ up, why }) => {
          if (up) waits.end('nats');
          else waits.begin('nats', `${why} (${access.servers.join(', ')})`);
        },
        onBehind: (behindMs) =>
          log.warn(
            { behindMs: Math.round(behindMs) },
            'what others say comes late: this role takes it too slowly, or NATS is busy',
          ),
        onRefused: (what) => {
          if (refused.has(what)) return;
          refused.add(what);
          log.error({ what }, 'NATS does not let this role do that');
        },
      }),
    (it) => it.close(),
  );
}
