import type { DurableOutcome } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { AccountChange, Change, EntryRow, MoveRow, OperationRow } from './change.ts';
import { type HolderKind, type Item, priceKey, type StallPrice, type Trade } from './known.ts';
import type { CheckedRequest } from './request.ts';
import type { HolderRow, Reading, Wants, Written } from './store.ts';

export interface Balance {
  readonly holder: number;
  readonly currency: string;
  readonly amount: number;
  readonly version: number;
  readonly mayOwe: boolean;
}

/** The tables of the journal in memory. They read and write as the SQL does: a test holds the two against each other. */
export class MemoryTables {
  readonly holders = new Map<string, { readonly id: number; readonly kind: HolderKind }>();
  readonly balances = new Map<string, Balance>();
  readonly items = new Map<number, Item>();
  readonly trades = new Map<string, Trade>();
  readonly prices = new Map<string, StallPrice>();
  readonly operations = new Map<string, OperationRow>();
  readonly entries: EntryRow[] = [];
  readonly moves: MoveRow[] = [];
  /** Refunded operations, by which. */
  readonly refunds = new Map<number, number>();
  readonly epochs = new Map<number, number>();
  readonly #names = new Map<number, string>();
  #nextOperation = 1;
  #nextItem = 1;

  constructor() {
    for (const name of ['mint', 'sink', 'ground'] as const) this.open(name, name);
  }

  open(name: string, kind: HolderKind): void {
    if (this.holders.has(name)) return;
    const id = this.holders.size + 1;
    this.holders.set(name, { id, kind });
    this.#names.set(id, name);
  }

  setPrice(stall: string, kind: string, price: StallPrice): void {
    this.prices.set(priceKey(stall, kind), price);
  }

  read(wants: Wants): Reading {
    const trades = found(wants.trades, this.trades);
    const sides = trades.flatMap(({ one, other }) => [
      this.#names.get(one) as string,
      this.#names.get(other) as string,
    ]);
    const onTables = trades.flatMap(({ oneGives, otherGives }) => [...oneGives.items, ...otherGives.items]);
    const names = new Set([...wants.holders, ...sides]);
    const reading: Reading = {
      decided: wants.lookUp ? this.#decided(wants.requests) : new Map(),
      holders: [...names].flatMap((name) => this.#holder(name)),
      items: found(new Set([...wants.items, ...onTables]), this.items).map((item) => ({ ...item })),
      trades: trades.map((trade) => ({ ...trade })),
      prices: wants.deals.flatMap(({ stall, item }) => {
        const kind = this.items.get(item)?.kind ?? '';
        const price = this.prices.get(priceKey(stall, kind));
        return price === undefined ? [] : [{ stall, kind, ...price }];
      }),
      payments: wants.payments.flatMap((operation) => this.#payment(operation)),
      epochs: wants.zones.flatMap((zone) => {
        const epoch = this.epochs.get(zone);
        return epoch === undefined ? [] : [{ zone, epoch }];
      }),
      firstOperationId: this.#nextOperation,
      firstItemId: this.#nextItem,
    };
    this.#nextOperation += wants.requests.length;
    this.#nextItem += wants.itemIds;
    return reading;
  }

  /** Throws when a constraint of the schema would be broken: that is a fault of whoever decided. */
  write(change: Change): Written {
    if (!this.#holds(change)) return 'stale';
    for (const account of change.accounts)
      if (account.amount < 0 && !this.#mayOwe(account)) throw new Error('a balance below 0');
    for (const row of change.operations) this.operations.set(onceOf(row.holder, row.key), row);
    this.entries.push(...change.entries);
    this.moves.push(...change.moves);
    for (const { of, by } of change.refunds) this.refunds.set(of, by);
    for (const { was: _, ...trade } of change.trades) this.trades.set(trade.id, trade);
    for (const { was: _, ...item } of change.items) this.items.set(item.id, { ...item });
    for (const account of change.accounts) {
      const { holder, currency, amount, version } = account;
      const mayOwe = this.#mayOwe(account);
      this.balances.set(balanceKey(holder, currency), { holder, currency, amount, version, mayOwe });
    }
    return 'done';
  }

  #mayOwe({ holder, currency, mayOwe }: AccountChange): boolean {
    return this.balances.get(balanceKey(holder, currency))?.mayOwe ?? mayOwe;
  }

  #holds({ fences, checks, operations, refunds, trades, items, accounts }: Change): boolean {
    const version = (holder: number, currency: string) => this.balances.get(balanceKey(holder, currency))?.version ?? 0;
    return (
      fences.every(({ zone, epoch }) => (this.epochs.get(zone) ?? 0) === epoch) &&
      checks.accounts.every((check) => version(check.holder, check.currency) === check.version) &&
      checks.items.every(({ id, holder }) => this.items.get(id)?.holder === holder) &&
      checks.trades.every((check) => (this.trades.get(check.id)?.version ?? 0) === check.version) &&
      operations.every(({ holder, key }) => !this.operations.has(onceOf(holder, key))) &&
      refunds.every(({ of }) => !this.refunds.has(of)) &&
      trades.every(({ id, was }) => (this.trades.get(id)?.version ?? 0) === was) &&
      items.every(({ id, was }) => (this.items.get(id)?.holder ?? null) === was) &&
      accounts.every(({ holder, currency, was }) => version(holder, currency) === was)
    );
  }

  #decided(requests: readonly CheckedRequest[]): Reading['decided'] {
    const decided = new Map<string, { hash: Uint8Array; outcome: DurableOutcome }>();
    for (const { holder, key, once } of requests) {
      const id = this.holders.get(holder)?.id;
      const row = id === undefined ? undefined : this.operations.get(onceOf(id, key));
      if (row !== undefined) decided.set(once, { hash: row.hash, outcome: this.#outcome(row) });
    }
    return decided;
  }

  #outcome({ id, holder, refused }: OperationRow): DurableOutcome {
    if (refused !== null) return { ok: false, code: refused as ErrorCode };
    const balances: Record<string, number> = {};
    for (const entry of this.entries) {
      if (entry.operation !== id) continue;
      if (entry.from === holder) balances[entry.currency] = entry.fromBalance;
      if (entry.to === holder) balances[entry.currency] = entry.toBalance;
    }
    const moves = this.moves.filter((move) => move.operation === id && (move.from === holder || move.to === holder));
    const items = moves.map(({ item, to }) => ({ id: item, gained: to === holder }));
    return { ok: true, operation: id, balances, items: items.sort((a, b) => a.id - b.id) };
  }

  #holder(name: string): HolderRow[] {
    const holder = this.holders.get(name);
    if (holder === undefined) return [];
    const own = [...this.balances.values()].filter((balance) => balance.holder === holder.id);
    return [{ ...holder, name, balances: own.map(({ currency, amount, version }) => ({ currency, amount, version })) }];
  }

  #payment(id: number): Reading['payments'] {
    const operation = [...this.operations.values()].find((row) => row.id === id);
    if (operation === undefined) return [];
    const own = this.entries.filter((entry) => entry.operation === id && entry.from === operation.holder);
    const paid = own.map(({ currency, amount }) => ({ currency, amount }));
    return [{ operation: id, payer: operation.holder, paid, refunded: this.refunds.has(id) }];
  }
}

function found<Key, Value>(keys: Iterable<Key>, among: ReadonlyMap<Key, Value>): Value[] {
  return [...keys].flatMap((key) => among.get(key) ?? []);
}

const balanceKey = (holder: number, currency: string): string => `${holder} ${currency}`;

const onceOf = (holder: number, key: Uint8Array): string => `${holder} ${Buffer.from(key).toString('hex')}`;
