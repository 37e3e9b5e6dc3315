import type { Clock } from '@lifeverse/base';
import {
  type Bus,
  encodeToggleSet,
  LiveToggles,
  subjects,
  type ToggleDeclarations,
  type toggles,
} from '@lifeverse/contracts';
import type { Database, Log } from '@lifeverse/node-kit';
import { type Client, NOOP_PROVIDER, OpenFeature } from '@openfeature/server-sdk';
import { ToggleDesk } from './toggle-desk.ts';
import { ToggleProvider } from './toggle-provider.ts';
import { readToggleSet } from './toggle-store.ts';
import { watchDatabase } from './watch-database.ts';

export interface TogglesSetup<D extends ToggleDeclarations> {
  readonly database: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** The product's own when left out. */
  readonly declarations?: D;
  /** How often the database is asked without having said anything; a second when left out. */
  readonly pollMs?: number;
}

export interface RunningToggles<D extends ToggleDeclarations = typeof toggles> {
  /** Typed and at once, for what runs all the time. */
  readonly live: LiveToggles<D>;
  /** The same by OpenFeature's neutral API, with its hooks and events. */
  readonly client: Client;
  readonly desk: ToggleDesk;
  /** Calls with true when the database is gone and the last values stand, with false when it is back. */
  onStale(told: (stale: boolean) => void): () => void;
  stop(): Promise<void>;
}

/** How often all is said again, for processes that came late or did not hear it. */
const ANNOUNCE_MS = 1_000;
let starts = 0;

/**
 * Toggles that follow the database within a second or two, and everybody on the bus with them. Starts, with the declared
 * defaults, also when the database cannot be reached.
 */
export async function startToggles<D extends ToggleDeclarations = typeof toggles>(
  setup: TogglesSetup<D>,
): Promise<RunningToggles<D>> {
  const { database, bus, clock, log } = setup;
  const live = new LiveToggles<D>(clock, setup.declarations);
  const staleListeners = new Set<(stale: boolean) => void>();
  const announce = (): void => bus.publish(subjects.toggles, encodeToggleSet(live.snapshot()));
  live.onChange(announce);
  const watch = await watchDatabase({
    database,
    channel: 'lifeverse_toggles',
    ...(setup.pollMs === undefined ? {} : { pollMs: setup.pollMs }),
    read: async () => {
      for (const refused of live.replace(await readToggleSet(database)))
        log.error(refused, 'a toggle has a version that is no definition; the last good one stands');
    },
    trouble: (error) => {
      if (error === null) log.info('the toggles follow the database again');
      else log.warn({ err: error }, 'the toggles stay as they are: the database cannot be asked');
      for (const listener of staleListeners) listener(error !== null);
    },
  });
  const timer = setInterval(announce, ANNOUNCE_MS);
  const onStale = (listener: (stale: boolean) => void): (() => void) => {
    staleListeners.add(listener);
    return () => staleListeners.delete(listener);
  };
  // OpenFeature keeps its providers for the whole process: each start has a domain of its own there.
  const domain = `lifeverse-${++starts}`;
  await OpenFeature.setProviderAndWait(domain, new ToggleProvider(live, onStale));
  return {
    live,
    client: OpenFeature.getClient(domain),
    desk: new ToggleDesk({
      database,
      live,
      refresh: () => watch.refresh(),
    }),
    onStale,
    stop: async () => {
      clearInterval(timer);
      await OpenFeature.setProviderAndWait(domain, NOOP_PROVIDER);
      await watch.stop();
    },
  };
}
