import { type Lifecycle, type Log, NatsBus } from '@lifeverse/node-kit';
import { type BusOptions, busAccess } from './bus-options.ts';

/**
 * The bus of a role: waits for a NATS that is not there. What becomes of it is said once each time; what is lost meanwhile
 * the role counts. Throws a ConfigurationError when NATS refuses the role.
 */
export async function openRoleBus(
  options: BusOptions,
  role: { readonly name: string; readonly life: Lifecycle; readonly log: Log; readonly signal: AbortSignal },
): Promise<NatsBus> {
  const { name, life, log, signal } = role;
  const access = busAccess(options);
  const refused = new Set<string>();
  let isUp = true;
  return life.start(
    'bus',
    () =>
      NatsBus.connect({
        ...access,
        name,
        signal,
        onStatus: ({ up, why }) => {
          if (up === isUp) return;
          isUp = up;
          if (up) log.info({ why }, 'NATS is there again');
          else log.error({ why, nats: access.servers }, 'NATS is out of reach: this role waits for it');
        },
        onRefused: (what) => {
          if (refused.has(what)) return;
          refused.add(what);
          log.error({ what }, 'NATS does not let this role do that');
        },
      }),
    (it) => it.close(),
  );
}
