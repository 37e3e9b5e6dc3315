import type { Change } from './change.ts';
import type { JournalStore, Reading, Wants, Written } from './store.ts';

/** What a known bug does to what is read and written. */
export interface Bug {
  readonly reading?: (reading: Reading) => Reading;
  readonly change?: (change: Change) => Change;
  /** Says that it is written before it is. */
  readonly early?: boolean;
}

let isTurned = false;

/** Known bugs, to show that the nets catch them. Each is made anew for a run, since some remember. */
export const plants: Readonly<Record<string, () => Bug>> = {
  'ack-before-commit': () => ({ early: true }),
  'no-key-check': () => {
    const before = new Set<string>();
    let made = 0;
    return {
      reading: (reading) => {
        for (const once of reading.decided.keys()) before.add(once.slice(-16));
        return { ...reading, decided: new Map() };
      },
      // As if no index kept the key from being there twice.
      change: (change) => ({
        ...change,
        operations: change.operations.map((row) =>
          before.has(Buffer.from(row.key).toString('latin1')) ? { ...row, key: Buffer.alloc(16, ++made) } : row,
        ),
      }),
    };
  },
  'one-sided-save': () => ({
    change: (change) => {
      const takers = new Set(change.entries.map(({ to }) => to));
      const givers = new Set(change.entries.map(({ from }) => from));
      const kept = change.accounts.filter(({ holder, was }) => was === 0 || givers.has(holder) || !takers.has(holder));
      return { ...change, accounts: kept };
    },
  }),
  // Every other writer goes the other way round.
  'no-lock-order': () => {
    isTurned = !isTurned;
    const turned = isTurned;
    return { change: (change) => (turned ? { ...change, accounts: change.accounts.toReversed() } : change) };
  },
};

/** A store with a bug in it. */
export class BuggyStore implements JournalStore {
  readonly #store: JournalStore;
  readonly #bug: Bug;

  constructor(store: JournalStore, bug: Bug) {
    this.#store = store;
    this.#bug = bug;
  }

  async read(wants: Wants): Promise<Reading> {
    const reading = await this.#store.read(wants);
    return this.#bug.reading?.(reading) ?? reading;
  }

  write(change: Change): Promise<Written> {
    const writing = this.#store.write(this.#bug.change?.(change) ?? change);
    if (this.#bug.early !== true) return writing;
    writing.catch(() => undefined);
    return Promise.resolve('done');
  }
}
