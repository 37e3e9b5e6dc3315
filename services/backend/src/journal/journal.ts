import type { Clock } from '@lifeverse/base';
import type { DurableOutcome, DurableRequest } from '@lifeverse/contracts';
import { DatabaseUnreachable } from '@lifeverse/node-kit';
import type { BackendFigures } from '../metrics/backend-figures.ts';
import type { Change } from './change.ts';
import { type Batch, JournalCore, refusal } from './core.ts';
import { checkRequest } from './request.ts';
import { type JournalStore, NotSent, type Reading, type Wants, type Written } from './store.ts';

/** Whether it was done is not known yet: the same request with the same key, asked later, says so. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

export interface JournalOptions {
  readonly store: JournalStore;
  readonly clock: Clock;
  /** Requests that may wait; beyond it they are refused with a time to retry. */
  readonly queueMax?: number;
  readonly batchMax?: number;
  /** Batches being read, decided or written at a time. */
  readonly underWayMax?: number;
  readonly knownMax?: number;
  /** Of answers on disk that are kept in memory as well. */
  readonly recentMax?: number;
  /** How often a database that is gone is looked for, and what those are told who are refused meanwhile. */
  readonly retryMs?: number;
  /** How long an unknown outcome is looked into before the asker is told that it is unknown. */
  readonly unknownMs?: number;
  /** A fault of our own: those concerned are told `internal`. */
  readonly failed?: (error: unknown) => void;
  /** Characters whose belongings or trades have just changed, on disk. */
  readonly changed?: (characters: readonly string[]) => void;
  readonly figures?: BackendFigures;
}

/** Whether the database answers: there is always a mint. */
const ANYTHING: Wants = {
  requests: [],
  lookUp: true,
  holders: ['mint'],
  items: [],
  trades: [],
  deals: [],
  payments: [],
  zones: [],
  itemIds: 0,
};

/**
 * Does what must last. Requests that come together are written together, each decided on its own; every answer follows
 * the commit. One for each process that writes; several may write to one database.
 */
export class Journal {
  readonly #options: Required<Omit<JournalOptions, 'changed' | 'figures'>> &
    Pick<JournalOptions, 'changed' | 'figures'>;
  readonly #core: JournalCore;
  /** Since when the database cannot be reached. */
  #downSinceMs: number | null = null;
  #probe: NodeJS.Timeout | null = null;
  #stopping = false;
  #drained: (() => void) | null = null;

  constructor(options: JournalOptions) {
    this.#options = {
      queueMax: 20_000,
      // One is read and decided, one waits at the database, one is written: with two, the database waited.
      batchMax: 700,
      underWayMax: 3,
      knownMax: 200_000,
      recentMax: 32_768,
      retryMs: 500,
      unknownMs: 30_000,
      failed: () => undefined,
      ...options,
    };
    const { queueMax, batchMax, knownMax, recentMax, retryMs } = this.#options;
    this.#core = new JournalCore({ queueMax, batchMax, knownMax, recentMax, busyRetryMs: retryMs });
  }

  get down(): boolean {
    return this.#downSinceMs !== null;
  }

  /** Requests that have no answer yet and wait for a batch. */
  get waiting(): number {
    return this.#core.waiting;
  }

  /**
   * Answers once it is on disk, or refused. The same key with the same request gets the same answer, be it a refusal,
   * but for refusals with `retryAfterMs`, `key_reused`, `zone_replaced` and an asker who is unknown: they leave the key
   * free. Rejects with OutcomeUnknown only: then nobody knows, and the same request with the same key finds out.
   */
  submit(request: DurableRequest): Promise<DurableOutcome> {
    return this.#submit(request).then(
      (outcome) => {
        if (!outcome.ok) this.#count(`journal_refused/${outcome.code}`);
        return outcome;
      },
      (error: unknown) => {
        if (error instanceof OutcomeUnknown) this.#count('journal_refused/outcome_unknown');
        throw error;
      },
    );
  }

  #count(what: string, by = 1): void {
    this.#options.figures?.count(what, by);
  }

  #submit(request: DurableRequest): Promise<DurableOutcome> {
    const checked = checkRequest(request);
    if (typeof checked === 'string') return Promise.resolve(refusal(checked));
    if (this.#stopping) return Promise.resolve(refusal('server_stopping'));
    // Who repeats what was done, or what nobody knows of yet, must not hear that nothing was decided.
    if (this.#downSinceMs !== null && !this.#core.has(checked)) return Promise.resolve(this.#unreachable());
    return new Promise((resolve, reject) => {
      this.#core.submit(checked, (outcome) => {
        if (!outcome.ok && outcome.code === 'outcome_unknown') reject(new OutcomeUnknown());
        else resolve(outcome);
      });
      this.#schedule();
    });
  }

  /** Takes no more, and returns when all that was taken is answered. */
  async close(): Promise<void> {
    this.#stopping = true;
    if (this.#core.waiting + this.#core.underWay > 0)
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    if (this.#probe !== null) clearTimeout(this.#probe);
  }

  #scheduled = false;

  /** Those who come within one turn of the event loop share a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const core = this.#core;
    while (this.#downSinceMs === null && core.underWay < this.#options.underWayMax) {
      // What failed is decided again once nothing that was built on it is under way any more.
      if (core.repeating && core.underWay > 0) break;
      const batch = core.nextBatch();
      if (batch === null) break;
      void this.#run(batch);
    }
    if (core.waiting + core.underWay === 0) this.#drained?.();
  }

  async #run(batch: Batch): Promise<void> {
    const core = this.#core;
    let reading: Reading;
    try {
      reading = await this.#options.store.read(batch.wants);
    } catch (error) {
      this.#broken(batch, error, 'stale');
      return;
    }
    const change = core.decide(batch, reading);
    if (change !== null) {
      const concerned = this.#concerned(change);
      try {
        const written = await this.#write(batch, change);
        core.finish(batch, written);
        if (written === 'done' && concerned.length > 0) this.#options.changed?.(concerned);
      } catch (error) {
        this.#broken(batch, error, error instanceof NotSent ? 'stale' : 'unknown');
        return;
      }
    }
    this.#pump();
  }

  async #write(batch: Batch, change: Change): Promise<Written> {
    const { store, clock, figures } = this.#options;
    const beganMs = clock.nowMs();
    const written = await store.write(change);
    if (written === 'stale') this.#count('journal_stale');
    else {
      this.#count('journal_committed', change.operations.length);
      figures?.sample('journal_batch_requests', batch.pending.length);
      figures?.sample('journal_commit_ms', clock.nowMs() - beganMs);
    }
    return written;
  }

  #concerned({ accounts, items, trades }: Change): string[] {
    if (this.#options.changed === undefined) return [];
    const ids = new Set(accounts.map(({ holder }) => holder));
    for (const { holder, was } of items) {
      ids.add(holder);
      if (was !== null) ids.add(was);
    }
    for (const { one, other } of trades) ids.add(one).add(other);
    const holders = [...ids].map((id) => this.#core.known.holdersById.get(id));
    return holders.flatMap((holder) => (holder?.kind === 'character' ? [holder.name] : []));
  }

  #broken(batch: Batch, error: unknown, outcome: 'stale' | 'unknown'): void {
    if (error instanceof DatabaseUnreachable) {
      this.#core.finish(batch, outcome);
      this.#goDown();
      return;
    }
    this.#options.failed(error);
    this.#core.fail(batch);
    this.#pump();
  }

  #unreachable(): DurableOutcome {
    return { ...refusal('journal_unreachable'), retryAfterMs: this.#options.retryMs };
  }

  #goDown(): void {
    if (this.#downSinceMs === null) this.#count('journal_unreachable');
    this.#downSinceMs ??= this.#options.clock.nowMs();
    this.#core.refuseUnsent(this.#unreachable());
    if (this.#options.clock.nowMs() - this.#downSinceMs >= this.#options.unknownMs) this.#core.giveUpUnsure();
    if (this.#core.waiting + this.#core.underWay === 0) this.#drained?.();
    if (this.#probe !== null) return;
    this.#probe = setTimeout(() => {
      this.#probe = null;
      void this.#lookAgain();
    }, this.#options.retryMs);
  }

  async #lookAgain(): Promise<void> {
    try {
      await this.#options.store.read(ANYTHING);
    } catch (error) {
      if (!(error instanceof DatabaseUnreachable)) this.#options.failed(error);
      this.#goDown();
      return;
    }
    this.#downSinceMs = null;
    this.#pump();
  }
}
