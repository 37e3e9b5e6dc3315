import type { Database } from '@lifeverse/node-kit';

export interface WatchOptions {
  readonly database: Database;
  /** Said by the database's own triggers. */
  readonly channel: 'lifeverse_toggles' | 'lifeverse_content';
  /** Reads what is watched; what it throws is told to `trouble`, and it is called again at the next poll. */
  read(): Promise<void>;
  /** Null: all is well again. Told on each change between the two. */
  trouble(error: unknown | null): void;
  readonly pollMs?: number;
}

export interface Watch {
  /** Resolves after a read that began after this call, well or not. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** Half of the two seconds within which everybody follows. */
const POLL_MS = 1_000;

/**
 * Reads at once, whenever the database says that something changed, and once a second in case that was not heard. It
 * never gives up: while the database is gone, what was read last stands. Resolves after the first try.
 */
export async function watchDatabase(options: WatchOptions): Promise<Watch> {
  const watch = new DatabaseWatch(options);
  await watch.refresh();
  return watch;
}

class DatabaseWatch implements Watch {
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout;
  /** Ends the listening; null when nothing listens. */
  #unlisten: (() => void) | null = null;
  #reading: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #troubled = false;
  #stopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.refresh(), options.pollMs ?? POLL_MS);
  }

  refresh(): Promise<void> {
    if (this.#reading === null) {
      this.#reading = this.#read().finally(() => {
        this.#reading = null;
      });
      return this.#reading;
    }
    // One that is under way may have looked before what the caller means.
    this.#next ??= this.#reading.then(() => {
      this.#next = null;
      return this.refresh();
    });
    return this.#next;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#reading;
    this.#unlisten?.();
  }

  async #read(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#listen();
      await this.#options.read();
      this.#tell(null);
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown | null): void {
    if (this.#troubled === (error !== null)) return;
    this.#troubled = error !== null;
    this.#options.trouble(error);
  }

  /** Before reading, so that nothing is said in between unheard. */
  async #listen(): Promise<void> {
    if (this.#unlisten !== null) return;
    const { client, query } = await this.#options.database.connection();
    const heard = (): void => void this.refresh();
    const unlisten = (): void => {
      if (this.#unlisten !== unlisten) return;
      this.#unlisten = null;
      client.off('notification', heard).off('end', lost);
      // Not back to the pool: it still listens, or is broken. What it still has to say about that stays unsaid.
      client.release(true);
    };
    const lost = (): void => {
      unlisten();
      void this.refresh();
    };
    this.#unlisten = unlisten;
    client.on('notification', heard).on('end', lost).on('error', lost);
    try {
      await query(`LISTEN ${this.#options.channel}`);
    } catch (error) {
      // No answer is no end: without this, a connection on which nothing was asked for would be listened to for ever.
      unlisten();
      throw error;
    }
  }
}
