import type { Stake } from '@lifeverse/contracts';

/** A holder's balance of one currency. */
export interface Account {
  readonly holder: number;
  readonly currency: string;
  amount: number;
  /** The operation that changed it last; 0 while it has no row. */
  version: number;
}

/** A holder with all its balances. */
export interface Holder {
  readonly id: number;
  /** A character's id, or the name of what is none. */
  readonly name: string;
  readonly kind: HolderKind;
  readonly accounts: Map<string, Account>;
}

export type HolderKind = 'mint' | 'sink' | 'character' | 'stall' | 'ground';

export interface Item {
  readonly id: number;
  readonly kind: string;
  holder: number;
  xMm: number | null;
  yMm: number | null;
}

export interface Trade {
  readonly id: string;
  readonly one: number;
  readonly other: number;
  offer: number;
  oneGives: Stake;
  otherGives: Stake;
  oneAccepts: boolean;
  otherAccepts: boolean;
  state: 'open' | 'done' | 'cancelled';
  version: number;
}

export interface StallPrice {
  readonly currency: string;
  /** Null: it does not sell these. */
  readonly asks: number | null;
  /** Null: it does not buy these. */
  readonly pays: number | null;
}

/** What was paid by an operation, to be refunded. */
export interface Payment {
  readonly payer: number;
  readonly paid: readonly { readonly currency: string; readonly amount: number }[];
  refunded: boolean;
}

/**
 * What a writer knows of the world's belongings: as read, and as it will be once what was decided is written. It may be
 * out of date, since others write too: then writing says so, all is forgotten, read and decided again.
 */
export class Known {
  /** By character id or name. What is not in here, read for this batch, does not exist. */
  readonly holders = new Map<string, Holder>();
  readonly holdersById = new Map<number, Holder>();
  readonly items = new Map<number, Item>();
  readonly trades = new Map<string, Trade>();
  /** By stall and kind of item. */
  readonly prices = new Map<string, StallPrice>();
  readonly payments = new Map<number, Payment>();
  readonly epochs = new Map<number, number>();
  #generation = 0;

  /** How often all was forgotten. */
  get generation(): number {
    return this.#generation;
  }

  get size(): number {
    return this.holders.size + this.items.size + this.trades.size;
  }

  addHolder(holder: Holder): void {
    this.holders.set(holder.name, holder);
    this.holdersById.set(holder.id, holder);
  }

  /** Everything: what is needed next is read. */
  forget(): void {
    this.#generation++;
    this.holders.clear();
    this.holdersById.clear();
    this.items.clear();
    this.trades.clear();
    this.forgetSoon();
  }

  /** What others change without a version of its own, and what is asked for too rarely to keep. */
  forgetSoon(): void {
    this.prices.clear();
    this.payments.clear();
    this.epochs.clear();
  }
}

export const priceKey = (stall: string, kind: string): string => `${stall}\n${kind}`;
