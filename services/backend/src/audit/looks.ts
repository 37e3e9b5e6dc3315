import type { Clock } from '@lifeverse/base';
import type { Database } from '@lifeverse/node-kit';
import type { JsonValue } from './canonical-json.ts';
import { recordAct } from './record-act.ts';

/** Somebody of the staff sees what is not for everyone. */
export interface Look {
  /** As the audit names them. */
  readonly actor: string;
  /** Which view. */
  readonly view: 'players.find' | 'player.see' | 'journal.see' | 'audit.see';
  /** At whom. */
  readonly subject: string;
  readonly detail?: { readonly [key: string]: JsonValue };
}

/** A page that is left open asks again and again: one look in so long is one line. */
const ONE_LOOK_MS = 60_000;
/** Looks remembered; beyond it the oldest is forgotten, and would be written once more. */
const MOST = 10_000;

interface Noted {
  readonly atMs: number;
  readonly written: Promise<void>;
}

/** Writes down in the audit who of the staff has looked at whom, before they see it: who cannot be noted sees nothing. */
export class Looks {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #noted = new Map<string, Noted>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Resolves when it is on disk, or was within the last minute. Rejects with DatabaseUnreachable. */
  async note(look: Look): Promise<void> {
    const { actor, view, subject, detail = {} } = look;
    const key = JSON.stringify([actor, view, subject, detail]);
    const atMs = this.#clock.nowMs();
    this.#forget(atMs);
    const noted = this.#noted.get(key) ?? { atMs, written: this.#write(look) };
    this.#noted.set(key, noted);
    try {
      await noted.written;
    } catch (error) {
      if (this.#noted.get(key) === noted) this.#noted.delete(key);
      throw error;
    }
  }

  async #write({ actor, view, subject, detail = {} }: Look): Promise<void> {
    // Nobody is asked why they look: a reason that is typed a hundred times a day is none.
    await this.#database.transaction((sql) => recordAct(sql, { actor, act: view, subject, reason: '', detail }));
  }

  #forget(nowMs: number): void {
    for (const [key, { atMs }] of this.#noted) {
      if (nowMs - atMs < ONE_LOOK_MS && this.#noted.size < MOST) break;
      this.#noted.delete(key);
    }
  }
}
