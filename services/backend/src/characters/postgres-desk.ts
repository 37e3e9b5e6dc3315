import { setTimeout as sleep } from 'node:timers/promises';
import type { DeskKind, DeskOutcome, DeskRequest } from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable, type Log } from '@lifeverse/node-kit';
import { PresenceWriter } from '../presence/presence-writer.ts';
import { CharacterLoads } from './character-loads.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import type { Desk, DeskHandler } from './desk.ts';
import { Freezer } from './freezer.ts';

export interface PostgresDeskOptions {
  readonly database: Database;
  readonly log: Log;
  /** Who does operations on belongings; without, they are refused. */
  readonly durable?: DeskHandler;
  /** How long an unknown outcome may take to become known before characters are frozen; and how often it is asked for. */
  readonly graceMs?: number;
  readonly retryMs?: number;
  /** How long a player is kept waiting at the door while the database comes back, before being told to come again. */
  readonly patienceMs?: number;
}

/** When a zone asks again that could not be answered. */
const LATER_MS = 1_000;

/** The desk over PostgreSQL. */
export class PostgresDesk implements Desk {
  readonly freezer: Freezer;
  readonly #log: Log;
  readonly #handlers: Readonly<Record<DeskKind, DeskHandler>>;
  readonly #stop = new AbortController();
  readonly #patienceMs: number;
  readonly #retryMs: number;

  constructor({ database, log, durable, graceMs = 5_000, retryMs = 250, patienceMs = 2_000 }: PostgresDeskOptions) {
    this.#log = log;
    this.#patienceMs = patienceMs;
    this.#retryMs = retryMs;
    this.freezer = new Freezer(database);
    const loads = new CharacterLoads(database, this.freezer);
    const presence = new PresenceWriter(database);
    const checkpoints = new CheckpointWriter({
      database,
      freezer: this.freezer,
      graceMs,
      retryMs,
      stopped: this.#stop.signal,
      refused: (character, why) => log.error({ character, why }, 'a checkpoint was refused: the character is frozen'),
    });
    this.#handlers = {
      load: (request) => this.#patiently(() => loads.load(request)),
      checkpoint: (request) => checkpoints.write(request),
      presence: (request) => presence.write(request),
      durable: durable ?? (() => Promise.resolve({ kind: 'refused', code: 'request_invalid' })),
    };
  }

  async ask(request: DeskRequest): Promise<DeskOutcome> {
    try {
      return await this.#handlers[request.kind](request);
    } catch (error) {
      if (error instanceof DatabaseUnreachable || this.#stop.signal.aborted)
        return { kind: 'later', code: 'character_unreachable', retryMs: LATER_MS };
      this.#log.error({ err: error, kind: request.kind }, 'a request of a zone could not be answered');
      return { kind: 'refused', code: 'internal' };
    }
  }

  /** A database that is back within seconds is waited for. */
  async #patiently(load: () => Promise<DeskOutcome>): Promise<DeskOutcome> {
    for (let waitedMs = 0; ; waitedMs += this.#retryMs) {
      try {
        return await load();
      } catch (error) {
        if (!(error instanceof DatabaseUnreachable) || waitedMs >= this.#patienceMs) throw error;
      }
      await sleep(this.#retryMs, undefined, { signal: this.#stop.signal });
    }
  }

  /** Lets go of what it waits for. */
  stop(): void {
    this.#stop.abort();
  }
}
