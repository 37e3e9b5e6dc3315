import type { ErrorCode } from '@lifeverse/protocol';

/** What lasts is done by requests of this shape; the answer comes after it is on disk, never before. */
export interface DurableRequest {
  /** Id of the character on whose behalf it is: a UUID. */
  readonly holder: string;
  /** 16 random bytes, made by who asks and kept until the answer: sent again with the same request, it applies once. */
  readonly key: Uint8Array;
  readonly operation: Operation;
  /** Of the zone that asks: refused when the zone has another owner by now. */
  readonly fence?: ZoneFence;
}

export interface ZoneFence {
  readonly zone: number;
  readonly epoch: number;
}

/** Currency to a whole amount from 1 to 2^53 - 1. */
export type Money = Readonly<Record<string, number>>;

export interface Stake {
  readonly money: Money;
  /** Ids of items. */
  readonly items: readonly number[];
}

export type Operation =
  /** To another character, at once. */
  | { readonly kind: 'give'; readonly to: string; readonly gives: Stake }
  | TradeOperation
  /** An item that a stall has, at the price that the player saw. */
  | { readonly kind: 'buy'; readonly stall: string; readonly item: number; readonly price: number }
  | { readonly kind: 'sell'; readonly stall: string; readonly item: number; readonly price: number }
  | { readonly kind: 'pick-up'; readonly item: number }
  | { readonly kind: 'drop'; readonly item: number; readonly xMm: number; readonly yMm: number }
  /** For the staff: what the character paid in an operation comes back, once. */
  | { readonly kind: 'refund'; readonly of: number }
  /** For the staff: money and new items (by their kinds) out of nothing. */
  | { readonly kind: 'mint'; readonly money: Money; readonly items: readonly string[] }
  /** Likewise, to a stall. */
  | { readonly kind: 'supply'; readonly stall: string; readonly money: Money; readonly items: readonly string[] };

/**
 * Between two: either lays an offer on the table (`trade` is a UUID that the first one makes up), either may change it,
 * and each accepts one numbered offer. The second acceptance of the same offer exchanges everything in one transaction.
 */
export type TradeOperation =
  | {
      readonly kind: 'offer';
      readonly trade: string;
      /** The character on the other side. */
      readonly with: string;
      /** The number this offer gets: 1, and one more with each change. */
      readonly offer: number;
      readonly gives: Stake;
      readonly takes: Stake;
    }
  | { readonly kind: 'accept'; readonly trade: string; readonly offer: number }
  | { readonly kind: 'cancel'; readonly trade: string };

export type DurableOutcome = DurableDone | DurableRefusal;

export interface DurableDone {
  readonly ok: true;
  /** The id of the journal's row, to refer to. */
  readonly operation: number;
  /** What the asker has afterwards, of each currency that took part. */
  readonly balances: Money;
  /** The items that came to the asker or left. */
  readonly items: readonly { readonly id: number; readonly gained: boolean }[];
}

export interface DurableRefusal {
  readonly ok: false;
  readonly code: ErrorCode;
  /** When to try again, with the same key: nothing was decided. */
  readonly retryAfterMs?: number;
}

export const durableLimits = {
  keyBytes: 16,
  currencyBytes: 16,
  nameBytes: 64,
  currenciesPerStake: 4,
  itemsPerStake: 16,
  amountMax: Number.MAX_SAFE_INTEGER,
  /** Of a position, either way: 2^31 - 1 mm. */
  coordinateMm: 2_147_483_647,
} as const;
