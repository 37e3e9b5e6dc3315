import type { DurableOutcome } from '@lifeverse/contracts';
import { DatabaseUnreachable } from '@lifeverse/node-kit';
import type { Change } from './change.ts';
import type { HolderKind, Item, Payment, StallPrice, Trade } from './known.ts';
import type { CheckedRequest } from './request.ts';

/** What a batch must know before it can be decided. */
export interface Wants {
  readonly requests: readonly CheckedRequest[];
  /**
   * Each request is to be looked up by holder and key: was it decided before? Where it is not looked up and was, writing
   * says `stale`.
   */
  readonly lookUp: boolean;
  /** By character id or name. */
  readonly holders: readonly string[];
  readonly items: readonly number[];
  readonly trades: readonly string[];
  /** What a stall asks and pays for the kind of an item. */
  readonly deals: readonly { readonly stall: string; readonly item: number }[];
  /** Operations whose payment is to be refunded. */
  readonly payments: readonly number[];
  readonly zones: readonly number[];
  /** How many ids of new items it may need. */
  readonly itemIds: number;
}

export interface HolderRow {
  readonly id: number;
  readonly name: string;
  readonly kind: HolderKind;
  readonly balances: readonly { readonly currency: string; readonly amount: number; readonly version: number }[];
}

/** What there is of what was wanted; what is missing does not exist. */
export interface Reading {
  /** By `once` of the request: decided before, and how. */
  readonly decided: ReadonlyMap<string, { readonly hash: Uint8Array; readonly outcome: DurableOutcome }>;
  /** Those wanted, and both sides of each trade. */
  readonly holders: readonly HolderRow[];
  readonly items: readonly Item[];
  readonly trades: readonly Trade[];
  readonly prices: readonly (StallPrice & { readonly stall: string; readonly kind: string })[];
  readonly payments: readonly (Payment & { readonly operation: number })[];
  readonly epochs: readonly { readonly zone: number; readonly epoch: number }[];
  /** As many ids as requests from here on are the batch's own; so of new items. */
  readonly firstOperationId: number;
  readonly firstItemId: number;
}

/** `stale`: something by which it was decided is no longer so; nothing was written. */
export type Written = 'done' | 'stale';

/** A write never left this process: it was not done, and will not be. */
export class NotSent extends DatabaseUnreachable {}

/**
 * Where belongings are kept. Both reject with DatabaseUnreachable; of a rejected `write`, the outcome is unknown, but for
 * NotSent.
 */
export interface JournalStore {
  read(wants: Wants): Promise<Reading>;
  /** All of the change or nothing; it is on disk when this answers `done`. Several may be under way at a time. */
  write(change: Change): Promise<Written>;
}
