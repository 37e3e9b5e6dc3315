import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, runningServerUrl } from '@lifeverse/node-kit';

const EVERY_MS = 200;

/** Looks at how many connections a world's database has, in every moment in which it runs. */
export class ConnectionWatch {
  most = 0;
  limit = 0;
  looks = 0;
  readonly #folder: string;
  readonly #done: Promise<void>;
  #stopped = false;

  /** `folder`: of the database. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#done = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const url = runningServerUrl(this.#folder);
      if (url !== null) await this.#ofServer(url).catch(() => undefined);
      await sleep(EVERY_MS);
    }
  }

  /** Until it does not answer any more. Rejects then. */
  async #ofServer(url: string): Promise<void> {
    const database = openDatabase({ url, maxConnections: 1, name: 'watch' });
    try {
      while (!this.#stopped) {
        const [row] = await database.query<{ open: number; most: number }>(
          `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'
                     AND pid <> pg_backend_pid())::int AS open,
             current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`,
        );
        this.most = Math.max(this.most, row?.open ?? 0);
        this.limit = row?.most ?? 0;
        this.looks++;
        await sleep(EVERY_MS);
      }
    } finally {
      await database.close();
    }
  }
}
