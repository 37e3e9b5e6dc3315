import { BoundedQueue } from '@lifeverse/base';
import type { DurableOutcome } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { type Change, ChangeLog } from './change.ts';
import { decide } from './decide.ts';
import { type Holder, Known, priceKey } from './known.ts';
import { RecentAnswers } from './recent-answers.ts';
import type { CheckedRequest } from './request.ts';
import type { Reading, Wants, Written } from './store.ts';
import { wantsOf } from './wants.ts';

export type Answer = (outcome: DurableOutcome) => void;

/** A request that nobody has been told about yet. */
export interface Pending {
  readonly request: CheckedRequest;
  /** Of everyone who asked the same with the same key. */
  readonly answers: Answer[];
  /** Others who use its key otherwise: they come after it. */
  readonly later: (() => void)[];
  /** It was in a batch whose outcome is unknown: it may have been done. */
  unsure: boolean;
  /** How it was decided in the batch under way. */
  outcome: DurableOutcome | null;
}

/** Requests that are read, decided, written and answered together. */
export interface Batch {
  readonly pending: readonly Pending[];
  readonly wants: Wants;
  /** What was known when it was said what else is needed. */
  readonly generation: number;
}

export interface CoreOptions {
  /** More than this many waiting are refused. */
  readonly queueMax: number;
  readonly batchMax: number;
  /** Of holders, items and trades kept in memory; beyond it all is read anew. */
  readonly knownMax: number;
  /** Of answers on disk that are kept in memory as well. */
  readonly recentMax: number;
  /** What those who are refused for the queue's length are told. */
  readonly busyRetryMs: number;
}

/** Waiting for the answer to one key: who asks that often without one is not heard. */
const SAME_KEY_MAX = 16;

/** After something was not as it was thought, so many batches look their keys up before they are written. */
const WARY_BATCHES = 20;

/**
 * The journal without I/O: requests go in, batches come out to be read and written, answers follow a batch that is on
 * disk. A batch may be decided on the strength of earlier ones that are still being written: should one of those fail,
 * so does writing this one.
 */
export class JournalCore {
  readonly known = new Known();
  readonly #options: CoreOptions;
  readonly #queue: BoundedQueue<Pending>;
  /** To be decided again, before those that wait. */
  readonly #again: Pending[] = [];
  /** Waiting or under way, by `once`. */
  readonly #open = new Map<string, Pending>();
  readonly #recent: RecentAnswers;
  #wary = WARY_BATCHES;
  #underWay = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#queue = new BoundedQueue(options.queueMax);
    this.#recent = new RecentAnswers(options.recentMax);
  }

  get waiting(): number {
    return this.#queue.length + this.#again.length;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** It was asked before by that key, and is not answered yet or was a moment ago. */
  has({ once }: CheckedRequest): boolean {
    return this.#open.has(once) || this.#recent.get(once) !== undefined;
  }

  submit(request: CheckedRequest, answer: Answer): void {
    const before = this.#recent.get(request.once);
    if (before !== undefined) {
      answer(equalBytes(before.hash, request.hash) ? before.outcome : refusal('key_reused'));
      return;
    }
    const same = this.#open.get(request.once);
    if (same !== undefined) {
      // Which of two requests with one key is the first is not known before one of them is decided.
      if (same.answers.length + same.later.length >= SAME_KEY_MAX) this.#refuseBusy(answer);
      else if (equalBytes(same.request.hash, request.hash)) same.answers.push(answer);
      else same.later.push(() => this.submit(request, answer));
      return;
    }
    const pending: Pending = { request, answers: [answer], later: [], unsure: false, outcome: null };
    if (this.#queue.push(pending)) this.#open.set(request.once, pending);
    else this.#refuseBusy(answer);
  }

  #refuseBusy(answer: Answer): void {
    answer({ ...refusal('journal_busy'), retryAfterMs: this.#options.busyRetryMs });
  }

  /** Those who wait, as many as one batch takes; null when nobody does. */
  nextBatch(): Batch | null {
    const pending = this.#again.splice(0, this.#options.batchMax);
    while (pending.length < this.#options.batchMax) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      pending.push(next);
    }
    if (pending.length === 0) return null;
    if (this.known.size > this.#options.knownMax) this.known.forget();
    this.#underWay++;
    const lookUp = this.#wary > 0;
    if (lookUp) this.#wary--;
    return { pending, wants: wantsOf(pending, this.known, lookUp), generation: this.known.generation };
  }

  /**
   * Decides the requests one by one, in order. Those that were decided before, and those refused for what cannot be
   * recorded, are answered now. The rest waits for `finish`; null when there is nothing to write, or all has to be read
   * again, since what was known meanwhile is not.
   */
  decide(batch: Batch, reading: Reading): Change | null {
    if (batch.generation !== this.known.generation) {
      this.#underWay--;
      this.#again.push(...batch.pending);
      return null;
    }
    learn(this.known, reading);
    const log = new ChangeLog();
    let itemId = reading.firstItemId;
    const deciding = { known: this.known, log, nextItemId: () => itemId++ };
    let id = reading.firstOperationId;
    for (const pending of batch.pending) {
      const { request } = pending;
      const before = reading.decided.get(request.once);
      if (before !== undefined) {
        this.#tell(pending, equalBytes(before.hash, request.hash) ? before.outcome : refusal('key_reused'));
        continue;
      }
      const asker = this.known.holders.get(request.holder);
      const unasked = notToBeDecided(this.known, request, asker);
      if (asker === undefined || unasked !== null) {
        this.#tell(pending, refusal(unasked ?? 'holder_unknown'));
        continue;
      }
      if (request.fence !== null) log.fence(request.fence);
      const decided = decide(deciding, asker, request.operation, id);
      const refused = typeof decided === 'string' ? decided : null;
      const { key, hash, operation } = request;
      log.operations.push({ id: id++, holder: asker.id, key, kind: operation.kind, refused, hash });
      pending.outcome = typeof decided === 'string' ? refusal(decided) : decided;
    }
    if (log.operations.length > 0) return log.finish();
    this.#underWay--;
    return null;
  }

  /** Some wait to be decided again. */
  get repeating(): boolean {
    return this.#again.length > 0;
  }

  /** After writing: answers when it is on disk; otherwise they come again, and what was known is forgotten. */
  finish(batch: Batch, written: Written | 'unknown'): void {
    this.#underWay--;
    if (written === 'done') {
      for (const pending of batch.pending) {
        const { request, outcome } = pending;
        if (outcome === null) continue;
        this.#recent.add(request.once, { hash: request.hash, outcome });
        this.#tell(pending, outcome);
      }
      return;
    }
    this.#wary = WARY_BATCHES;
    this.known.forget();
    for (const pending of batch.pending) {
      if (this.#open.get(pending.request.once) !== pending) continue;
      pending.outcome = null;
      if (written === 'unknown') pending.unsure = true;
      this.#again.push(pending);
    }
  }

  /** The server took the statement and refused it for a reason of our own: nothing was written, and never will be. */
  fail(batch: Batch): void {
    this.#underWay--;
    this.known.forget();
    for (const pending of batch.pending)
      if (this.#open.get(pending.request.once) === pending) this.#tell(pending, refusal('internal'));
  }

  /** Takes out those who wait and whose request was never sent: for when there is no database. */
  refuseUnsent(outcome: DurableOutcome): void {
    const unsure = this.#again.splice(0).filter((pending) => pending.unsure || !this.#tell(pending, outcome));
    this.#again.push(...unsure);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#tell(next, outcome);
  }

  /** Those whose outcome stays unknown are told so. They may ask again with the same key. */
  giveUpUnsure(): void {
    for (const pending of this.#again.splice(0)) this.#tell(pending, refusal('outcome_unknown'));
  }

  #tell(pending: Pending, outcome: DurableOutcome): true {
    this.#open.delete(pending.request.once);
    for (const answer of pending.answers) answer(outcome);
    for (const submit of pending.later) submit();
    return true;
  }
}

export const refusal = (code: ErrorCode) => ({ ok: false, code }) as const;

/** Refusals that leave the key free: they say nothing about what was asked. */
function notToBeDecided(known: Known, { fence }: CheckedRequest, asker: Holder | undefined): ErrorCode | null {
  if (fence !== null && (known.epochs.get(fence.zone) ?? 0) !== fence.epoch) return 'zone_replaced';
  return asker?.kind === 'character' ? null : 'holder_unknown';
}

/** What is known already is newer: it has in it what is being written. */
function learn(known: Known, reading: Reading): void {
  known.forgetSoon();
  for (const { id, name, kind, balances } of reading.holders) {
    if (known.holders.has(name)) continue;
    const accounts = new Map(balances.map((balance) => [balance.currency, { holder: id, ...balance }]));
    known.addHolder({ id, name, kind, accounts });
  }
  for (const item of reading.items) if (!known.items.has(item.id)) known.items.set(item.id, { ...item });
  for (const trade of reading.trades) if (!known.trades.has(trade.id)) known.trades.set(trade.id, { ...trade });
  for (const { stall, kind, ...price } of reading.prices) known.prices.set(priceKey(stall, kind), price);
  for (const { operation, ...payment } of reading.payments) known.payments.set(operation, payment);
  for (const { zone, epoch } of reading.epochs) known.epochs.set(zone, epoch);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
