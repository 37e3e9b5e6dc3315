import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '@lifeverse/node-kit';

export interface Flushed {
  /** What was told by then rests on nothing behind `position`. */
  readonly asOfMs: number;
  readonly position: bigint;
}

const LOOK_MS = 2;

/** Follows up to where the log of a database is on the disk for certain, from a connection of its own. */
export class FlushWatch {
  readonly #database: Database;
  #last: Flushed | null = null;
  #stopped = false;
  readonly #looking: Promise<void>;

  constructor(url: string) {
    this.#database = openDatabase({ url, maxConnections: 1, name: 'lifeverse drill' });
    this.#looking = this.#look();
  }

  /** The newest; null before the first. */
  get last(): Flushed | null {
    return this.#last;
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      const asOfMs = performance.now();
      const rows = await this.#database
        .query<{ at: bigint }>("SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint AS at")
        .catch(() => null);
      if (rows === null) return;
      this.#last = { asOfMs, position: rows[0]?.at ?? 0n };
      await sleep(LOOK_MS);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#looking;
    await this.#database.close();
  }
}
