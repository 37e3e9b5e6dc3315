import type { ContentDeclarations } from '@lifeverse/base';
import { type Bus, encodeContentSet, LiveContent, subjects } from '@lifeverse/contracts';
import type { Database, Log } from '@lifeverse/node-kit';
import { watchDatabase } from '../toggles/watch-database.ts';
import { ContentDesk } from './content-desk.ts';
import { contentHeads, readContentSet } from './content-store.ts';

export interface ContentSetup<D extends ContentDeclarations> {
  readonly database: Database;
  readonly bus: Bus;
  readonly log: Log;
  /** The world's. */
  readonly declarations: D;
  /** How often the database is asked without having said anything; a second when left out. */
  readonly pollMs?: number;
}

export interface RunningContent<D extends ContentDeclarations> {
  readonly live: LiveContent<D>;
  readonly desk: ContentDesk;
  stop(): Promise<void>;
}

/** How often all is said again: documents are longer than toggles, and who starts has what was declared meanwhile. */
const ANNOUNCE_MS = 2_000;

/**
 * A world's documents that follow the database within a second or two, and everybody on the bus with them. Starts, with
 * what was declared, also when the database cannot be reached.
 */
export async function startContent<D extends ContentDeclarations>(setup: ContentSetup<D>): Promise<RunningContent<D>> {
  const { database, bus, log } = setup;
  const live = new LiveContent<D>(setup.declarations);
  const announce = (): void => bus.publish(subjects.content, encodeContentSet(live.snapshot()));
  live.onChange(announce);
  let heads = '';
  const watch = await watchDatabase({
    database,
    channel: 'lifeverse_content',
    ...(setup.pollMs === undefined ? {} : { pollMs: setup.pollMs }),
    read: async () => {
      const now = await contentHeads(database);
      if (now === heads) return;
      for (const refused of live.replace(await readContentSet(database)))
        log.error(refused, 'a document has a version that this world does not take; the last good one stands');
      heads = now;
    },
    trouble: (error) => {
      if (error === null) log.info('the content follows the database again');
      else log.warn({ err: error }, 'the content stays as it is: the database cannot be asked');
    },
  });
  const timer = setInterval(announce, ANNOUNCE_MS);
  return {
    live,
    desk: new ContentDesk({ database, live, refresh: () => watch.refresh() }),
    stop: async () => {
      clearInterval(timer);
      await watch.stop();
    },
  };
}
