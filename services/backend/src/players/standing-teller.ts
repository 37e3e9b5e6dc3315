import type { Clock } from '@lifeverse/base';
import { type Bus, encodeExpulsion, encodeMutings, MAX_EXPELLED, MAX_MUTINGS, subjects } from '@lifeverse/contracts';
import type { Database, Log } from '@lifeverse/node-kit';
import type { Sessions } from './sessions.ts';
import { mutings, type Standing, standingOf } from './standing.ts';

export interface StandingTellerOptions {
  readonly database: Database;
  readonly sessions: Pick<Sessions, 'onChange' | 'onListening'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it is looked for what was not heard. */
  readonly againMs?: number;
}

const AGAIN_MS = 5_000;
/** A change may be older than it is visible: by as long as its transaction takes. And what is said may be lost. */
const MARGIN_MS = 30_000;
/** What was decided while there was no backend; gateways that were there then remember nobody for longer. */
const FIRST_MS = 600_000;

/**
 * Tells gateways at once who may not go on and who may not speak. Each of it is said again for half a minute, and what
 * could not be heard, because the database was gone or this process was, is looked up as soon as it is there. One
 * question at a time, so that what is said last is what was decided last.
 */
export class StandingTeller {
  readonly #options: StandingTellerOptions;
  readonly #ends: (() => void)[] = [];
  #players = new Set<string>();
  #sessions = new Set<string>();
  #again = true;
  /** When the last look back began that came to an end. */
  #lookedMs: number | null = null;
  #working = false;
  #troubled = false;
  #stopped = false;

  constructor(options: StandingTellerOptions) {
    this.#options = options;
  }

  start(): void {
    const { sessions, againMs = AGAIN_MS } = this.#options;
    const timer = setInterval(() => this.#lookBack(), againMs);
    this.#ends.push(
      () => clearInterval(timer),
      sessions.onListening(() => this.#lookBack()),
      sessions.onChange(({ player, session }) => {
        if (session === undefined) this.#players.add(player);
        else this.#sessions.add(session);
        this.#wake();
      }),
    );
    this.#lookBack();
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#ends) end();
  }

  #lookBack(): void {
    this.#again = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    void this.#work().finally(() => {
      this.#working = false;
    });
  }

  async #work(): Promise<void> {
    while (!this.#stopped && (this.#again || this.#players.size > 0 || this.#sessions.size > 0)) {
      const [players, sessions, again] = [[...this.#players], [...this.#sessions], this.#again];
      this.#players = new Set();
      this.#sessions = new Set();
      this.#again = false;
      const nowMs = this.#options.clock.nowMs();
      const lastMs = this.#lookedMs === null ? FIRST_MS : nowMs - this.#lookedMs + MARGIN_MS;
      try {
        this.#tell(await standingOf(this.#options.database, { players, sessions, lastMs: again ? lastMs : null }));
        if (again) this.#lookedMs = nowMs;
        this.#troubled = false;
      } catch (error) {
        // The next look back finds what this one was about.
        if (!this.#troubled) this.#options.log.warn({ err: error }, 'nobody knows who may go on: it is asked again');
        this.#troubled = true;
      }
    }
  }

  #tell(standing: Standing): void {
    if (this.#stopped) return;
    const { bus, clock } = this.#options;
    for (const logins of chunks(standing.over, MAX_EXPELLED))
      bus.publish(subjects.expulsion, encodeExpulsion({ code: 'session_unknown', logins, seats: [] }));
    for (const seats of chunks(standing.suspended, MAX_EXPELLED))
      bus.publish(subjects.expulsion, encodeExpulsion({ code: 'player_suspended', logins: [], seats }));
    for (const some of chunks(mutings(standing, clock.nowMs()), MAX_MUTINGS))
      bus.publish(subjects.muting, encodeMutings(some));
  }
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
