import type { ZoneFence } from '@lifeverse/contracts';
import type { Account, Item, Trade } from './known.ts';

export interface OperationRow {
  readonly id: number;
  readonly holder: number;
  readonly key: Uint8Array;
  readonly kind: string;
  readonly refused: string | null;
  readonly hash: Uint8Array;
}

/** Money that goes from one holder to another, with what each has afterwards. */
export interface EntryRow {
  readonly operation: number;
  readonly from: number;
  readonly to: number;
  readonly currency: string;
  readonly amount: number;
  readonly fromBalance: number;
  readonly toBalance: number;
  /** The operations by which they had what they had before; 0: none. */
  readonly fromWas: number;
  readonly toWas: number;
}

export interface MoveRow {
  readonly operation: number;
  readonly item: number;
  readonly from: number;
  readonly to: number;
}

/** `was`: the version by which it was decided, 0 when there was no row. */
export interface AccountChange {
  readonly holder: number;
  readonly currency: string;
  readonly amount: number;
  readonly version: number;
  readonly was: number;
  readonly mayOwe: boolean;
}

/** `was`: who had it, null when it is new. */
export type ItemChange = Readonly<Item> & { readonly was: number | null };

export type TradeChange = Readonly<Trade> & { readonly was: number };

export interface RefundRow {
  readonly of: number;
  readonly by: number;
}

/** What a refusal stands on, besides what is changed: it must still be so. */
export interface Checks {
  readonly accounts: readonly { readonly holder: number; readonly currency: string; readonly version: number }[];
  readonly items: readonly { readonly id: number; readonly holder: number }[];
  readonly trades: readonly { readonly id: string; readonly version: number }[];
}

/** All that a batch writes, and what must still be so for it to be written. In the order in which rows are locked. */
export interface Change {
  readonly fences: readonly ZoneFence[];
  readonly checks: Checks;
  readonly operations: readonly OperationRow[];
  readonly entries: readonly EntryRow[];
  readonly moves: readonly MoveRow[];
  readonly refunds: readonly RefundRow[];
  readonly trades: readonly TradeChange[];
  readonly items: readonly ItemChange[];
  readonly accounts: readonly AccountChange[];
}

/** Gathers what a batch changes while it is decided, one request after the other. */
export class ChangeLog {
  readonly operations: OperationRow[] = [];
  readonly entries: EntryRow[] = [];
  readonly moves: MoveRow[] = [];
  readonly refunds: RefundRow[] = [];
  readonly #checkedAccounts = new Map<string, { holder: number; currency: string; version: number }>();
  readonly #checkedItems = new Map<number, number>();
  readonly #checkedTrades = new Map<Trade, number>();
  readonly #fences = new Map<number, number>();
  readonly #accounts = new Map<Account, { readonly was: number; readonly mayOwe: boolean }>();
  readonly #items = new Map<Item, number | null>();
  readonly #trades = new Map<Trade, number>();

  fence({ zone, epoch }: ZoneFence): void {
    this.#fences.set(zone, epoch);
  }

  /** To be called before the account is changed; `mayOwe` is of the mint alone. */
  touchAccount(account: Account, mayOwe: boolean, operation: number): void {
    if (!this.#accounts.has(account)) this.#accounts.set(account, { was: account.version, mayOwe });
    account.version = operation;
  }

  touchItem(item: Item, was: number | null): void {
    if (!this.#items.has(item)) this.#items.set(item, was);
  }

  touchTrade(trade: Trade, operation: number): void {
    if (!this.#trades.has(trade)) this.#trades.set(trade, trade.version);
    trade.version = operation;
  }

  /** A refusal stands on this balance; `version` is 0 when there is none. */
  checkAccount(holder: number, currency: string, account: Account | undefined): void {
    if (account !== undefined && this.#accounts.has(account)) return;
    const version = account?.version ?? 0;
    this.#checkedAccounts.set(`${holder} ${currency}`, { holder, currency, version });
  }

  checkItem(item: Item): void {
    if (!this.#items.has(item)) this.#checkedItems.set(item.id, item.holder);
  }

  checkTrade(trade: Trade): void {
    if (!this.#trades.has(trade)) this.#checkedTrades.set(trade, trade.version);
  }

  /** A copy: what is decided later does not change it. */
  finish(): Change {
    const { operations, entries, moves, refunds } = this;
    operations.sort((a, b) => a.holder - b.holder || Buffer.compare(a.key, b.key));
    return {
      fences: [...this.#fences].map(([zone, epoch]) => ({ zone, epoch })).sort((a, b) => a.zone - b.zone),
      checks: {
        accounts: [...this.#checkedAccounts.values()],
        items: [...this.#checkedItems].map(([id, holder]) => ({ id, holder })),
        trades: [...this.#checkedTrades].map(([{ id }, version]) => ({ id, version })),
      },
      operations,
      entries,
      moves,
      refunds: refunds.sort((a, b) => a.of - b.of),
      trades: [...this.#trades].map(([trade, was]) => ({ ...trade, was })).sort((a, b) => compareText(a.id, b.id)),
      items: [...this.#items].map(([item, was]) => ({ ...item, was })).sort((a, b) => a.id - b.id),
      accounts: [...this.#accounts]
        .map(([account, { was, mayOwe }]) => ({ ...account, was, mayOwe }))
        .sort((a, b) => a.holder - b.holder || compareText(a.currency, b.currency)),
    };
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
