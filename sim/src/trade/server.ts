import {
  type Batch,
  type Bug,
  type Change,
  type CheckedRequest,
  JournalCore,
  type MemoryTables,
  type Written,
} from '@lifeverse/backend/journal';
import type { Random } from '@lifeverse/base';
import type { DurableOutcome } from '@lifeverse/contracts';

const CORE = { queueMax: 8, batchMax: 3, knownMax: 6, recentMax: 2, busyRetryMs: 1 };
const UNDER_WAY_MAX = 3;

/** A batch on its way: wanted, decided and sent, or written with nobody told yet. */
type Under =
  | { readonly batch: Batch; state: 'wanted' }
  | { readonly batch: Batch; state: 'sent'; readonly change: Change }
  | { readonly batch: Batch; state: 'written'; readonly written: Written };

/** A process that writes to the journal, one step at a time. Statements that it sent may outlive it. */
export class TradeServer {
  /** Of the zone it believes to own. */
  epoch: number;
  readonly #tables: MemoryTables;
  readonly #random: Random;
  readonly #bug: Bug | null;
  /** Sent by someone who is gone: the database may yet carry it out. */
  readonly #orphans: Change[];
  #core = new JournalCore(CORE);
  #under: Under[] = [];

  constructor(tables: MemoryTables, random: Random, bug: Bug | null, epoch: number, orphans: Change[]) {
    this.#tables = tables;
    this.#random = random;
    this.#bug = bug;
    this.epoch = epoch;
    this.#orphans = orphans;
  }

  get idle(): boolean {
    return this.#under.length === 0 && this.#core.waiting === 0;
  }

  submit(request: CheckedRequest, answer: (outcome: DurableOutcome) => void): void {
    this.#core.submit(request, answer);
  }

  /** Does one of the things that may happen next; says which, for the trace. */
  step(): string {
    const at = this.#random.below(this.#under.length + 1);
    const under = this.#under[at];
    if (under === undefined) return this.#start();
    if (under.state === 'wanted') return this.#decide(at, under.batch);
    // Statements go over one connection: the first that was sent is the first to be carried out.
    const first = this.#under.find(({ state }) => state !== 'wanted') as Exclude<Under, { state: 'wanted' }>;
    return first.state === 'sent' ? this.#carryOut(first) : this.#answer(first);
  }

  #start(): string {
    const core = this.#core;
    if (this.#under.length >= UNDER_WAY_MAX || (core.repeating && core.underWay > 0)) return '';
    const batch = core.nextBatch();
    if (batch === null) return '';
    this.#under.push({ batch, state: 'wanted' });
    return `start ${batch.pending.length}`;
  }

  #decide(at: number, batch: Batch): string {
    this.#under.splice(at, 1);
    const reading = this.#tables.read(batch.wants);
    const decided = this.#core.decide(batch, this.#bug?.reading?.(reading) ?? reading);
    if (decided === null) return 'nothing to write';
    const change = this.#bug?.change?.(decided) ?? decided;
    if (this.#bug?.early === true) {
      this.#core.finish(batch, 'done');
      this.#orphans.push(change);
      return 'told early';
    }
    // Behind all that was sent before it.
    this.#under.push({ batch, state: 'sent', change });
    return `send ${change.operations.length}`;
  }

  #carryOut(under: Extract<Under, { state: 'sent' }>): string {
    const written = this.#tables.write(under.change);
    this.#under[this.#under.indexOf(under)] = { batch: under.batch, state: 'written', written };
    return written;
  }

  #answer(under: Extract<Under, { state: 'written' }>): string {
    this.#under.splice(this.#under.indexOf(under), 1);
    this.#core.finish(under.batch, under.written);
    return 'answer';
  }

  /** Its connection breaks: what was sent may be carried out now, later or never. */
  disconnect(): string {
    const under = this.#under;
    this.#under = [];
    for (const each of under) {
      if (each.state === 'sent') this.#orphans.push(each.change);
      this.#core.finish(each.batch, each.state === 'wanted' ? 'stale' : 'unknown');
    }
    return `disconnect ${under.length}`;
  }

  /** It loses all that it knew, and those who wait hear nothing. */
  crash(): string {
    for (const each of this.#under) if (each.state === 'sent') this.#orphans.push(each.change);
    this.#under = [];
    this.#core = new JournalCore(CORE);
    return 'crash';
  }
}
