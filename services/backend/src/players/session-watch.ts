import type { SessionChange } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

const CHANNEL = 'session_changed';
const AGAIN_MS = 500;

const change = Compile(Type.Object({ player: Type.String(), session: Type.Optional(Type.String()) }));

export interface SessionWatchEvents {
  changed(change: SessionChange): void;
  /** Changes are heard from now on, and were not before: whatever is remembered may be wrong. */
  listening(): void;
  /** Changes are not heard any more. */
  deaf(): void;
}

/**
 * Hears from the database which sessions are over, whoever ended them. When its connection breaks it says so and tries
 * again until `close`; a connection that breaks without a word is deaf unnoticed, which is why caches also have an age.
 */
export class SessionWatch {
  readonly #database: Database;
  readonly #events: SessionWatchEvents;
  #hangUp: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(database: Database, events: SessionWatchEvents) {
    this.#database = database;
    this.#events = events;
  }

  /** Resolves after the first attempt to listen, whether it succeeded or not. */
  async start(): Promise<void> {
    try {
      await this.#listen();
    } catch {
      this.#again();
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#hangUp?.();
  }

  async #listen(): Promise<void> {
    const connection = await this.#database.connection();
    const { client } = connection;
    const heard = ({ payload }: { payload?: string | undefined }): void => {
      const said: unknown = payload === undefined ? null : JSON.parse(payload);
      if (change.Check(said)) this.#events.changed(said);
    };
    const broken = (): void => {
      this.#hangUp = null;
      client.off('notification', heard).off('end', broken);
      connection.release();
      this.#events.deaf();
      this.#again();
    };
    // Said before `end`; without a listener it would end the process.
    const ignored = (): void => undefined;
    client.on('error', ignored);
    try {
      await connection.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      connection.release();
      throw error;
    }
    client.on('notification', heard).once('end', broken);
    this.#hangUp = () => {
      client.off('notification', heard).off('end', broken);
      // Not given back to the pool: it would go on listening.
      client.release(true);
    };
    if (this.#closed) this.#hangUp();
    else this.#events.listening();
  }

  #again(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.start(), AGAIN_MS);
    this.#timer.unref();
  }
}
