import type { DurableOutcome } from '@lifeverse/contracts';
import type { EntryRow, MoveRow, OperationRow } from './change.ts';
import type { Item, Trade } from './known.ts';
import type { CheckedRequest } from './request.ts';

/** What was asked and what the asker was told, if anything: as the asker saw it. */
export interface Told {
  readonly request: CheckedRequest;
  readonly outcome: DurableOutcome | null;
}

/** What is on disk. */
export interface Durable {
  readonly operations: readonly OperationRow[];
  readonly entries: readonly EntryRow[];
  readonly moves: readonly MoveRow[];
  readonly items: readonly Item[];
  readonly balances: readonly Balance[];
  readonly trades: readonly Trade[];
  readonly holders: ReadonlyMap<string, { readonly id: number }>;
}

type Balance = {
  readonly holder: number;
  readonly currency: string;
  readonly amount: number;
  readonly mayOwe: boolean;
};

/** Refusals that leave the key free, so that something else may follow. */
const undecided = new Set(['key_reused', 'zone_replaced', 'journal_busy', 'journal_unreachable', 'server_stopping']);

/**
 * Holds what was told against what is on disk: nothing told is missing or otherwise, nothing was done twice, all money
 * comes from somewhere, an item has one holder, and a trade has both its sides. Sentences, none when all is well. It
 * knows nothing of how the journal works.
 */
export function checkHistory(told: readonly Told[], durable: Durable): string[] {
  return [...checkTold(told, durable), ...checkMoney(durable), ...checkItems(durable), ...checkTrades(told, durable)];
}

/** What must hold of all that is on disk, whatever anybody was told. */
export function checkBooks(durable: Durable): string[] {
  return [...checkTold([], durable), ...checkMoney(durable), ...checkItems(durable)];
}

const keyOf = (holder: number, key: Uint8Array): string => `${holder}/${Buffer.from(key).toString('hex')}`;

function checkTold(told: readonly Told[], { operations, holders }: Durable): string[] {
  const found: string[] = [];
  const rows = new Map<string, OperationRow>();
  const ids = new Set<number>();
  for (const row of operations) {
    const key = keyOf(row.holder, row.key);
    if (rows.has(key)) found.push(`doubled: the key of operation ${row.id} applied twice`);
    if (ids.has(row.id)) found.push(`doubled: two operations have the id ${row.id}`);
    rows.set(key, row);
    ids.add(row.id);
  }
  const answers = new Map<string, string>();
  for (const { request, outcome } of told) {
    if (outcome === null || (!outcome.ok && undecided.has(outcome.code))) continue;
    const holder = holders.get(request.holder)?.id;
    if (holder === undefined) continue;
    const row = rows.get(keyOf(holder, request.key));
    const what = `${request.operation.kind} of ${request.holder}`;
    if (row === undefined || Buffer.compare(row.hash, request.hash) !== 0) found.push(`lost: ${what} was answered`);
    else if (outcome.ok !== (row.refused === null)) found.push(`otherwise: ${what} was told the opposite`);
    else if (outcome.ok && outcome.operation !== row.id)
      found.push(`doubled: ${what} was operation ${outcome.operation} and is ${row.id}`);
    else if (!outcome.ok && outcome.code !== row.refused)
      found.push(`otherwise: ${what} was refused for ${row.refused}`);
    const answer = JSON.stringify(outcome);
    if ((answers.get(request.once) ?? answer) !== answer) found.push(`otherwise: ${what} was told two things`);
    answers.set(request.once, answer);
  }
  return found;
}

function checkMoney({ operations, entries, balances }: Durable): string[] {
  const found: string[] = [];
  const done = new Set(operations.filter(({ refused }) => refused === null).map(({ id }) => id));
  const steps = new Map<string, Steps>();
  const step = (holder: number, currency: string, change: number, after: number): void => {
    const key = `${holder} ${currency}`;
    const own = steps.get(key) ?? new Steps();
    steps.set(key, own);
    own.add(after - change, after);
  };
  for (const { operation, from, to, currency, amount, fromBalance, toBalance } of entries) {
    if (!done.has(operation)) found.push(`an entry of operation ${operation}, which was not done`);
    if (!(amount > 0)) found.push(`an entry of ${amount}`);
    step(from, currency, -amount, fromBalance);
    step(to, currency, amount, toBalance);
  }
  const sums = new Map<string, number>();
  for (const { holder, currency, amount, mayOwe } of balances) {
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
    if (amount < 0 && !mayOwe) found.push(`holder ${holder} owes ${-amount} ${currency}`);
    const own = steps.get(`${holder} ${currency}`) ?? new Steps();
    steps.delete(`${holder} ${currency}`);
    if (!own.leadFrom0To(amount)) found.push(`the entries of holder ${holder} do not lead to ${amount} ${currency}`);
  }
  for (const key of steps.keys()) found.push(`entries but no balance: ${key}`);
  for (const [currency, sum] of sums) if (sum !== 0) found.push(`all ${currency} sum to ${sum}`);
  return found;
}

/**
 * From what one had before to what one had afterwards, in any order. They can be one walk from 0 to the end only if
 * everything but these two is left as often as it is reached; an update that was lost leaves a gap.
 */
class Steps {
  readonly #balance = new Map<number, number>();

  add(before: number, after: number): void {
    this.#balance.set(before, (this.#balance.get(before) ?? 0) + 1);
    this.#balance.set(after, (this.#balance.get(after) ?? 0) - 1);
  }

  leadFrom0To(end: number): boolean {
    this.add(end, 0);
    return [...this.#balance.values()].every((left) => left === 0);
  }
}

function checkItems({ operations, moves, items }: Durable): string[] {
  const found: string[] = [];
  const done = new Set(operations.filter(({ refused }) => refused === null).map(({ id }) => id));
  const ways = new Map<number, Map<number, number>>();
  for (const { operation, item, from, to } of moves) {
    if (!done.has(operation)) found.push(`item ${item} moved by operation ${operation}, which was not done`);
    const own = ways.get(item) ?? new Map<number, number>();
    ways.set(item, own);
    own.set(from, (own.get(from) ?? 0) - 1);
    own.set(to, (own.get(to) ?? 0) + 1);
  }
  for (const { id, holder } of items) {
    const own = ways.get(id);
    ways.delete(id);
    // It came out of nothing once (one holder gave it that never had it), and is with one.
    const held = [...(own ?? [])].filter(([, times]) => times > 0);
    const made = [...(own ?? [])].filter(([, times]) => times < 0);
    if (held.length !== 1 || held[0]?.[0] !== holder || held[0][1] !== 1 || made.length !== 1 || made[0]?.[1] !== -1)
      found.push(`the moves of item ${id} do not lead to holder ${holder}`);
  }
  for (const id of ways.keys()) found.push(`item ${id} moved and is nowhere`);
  return found;
}

/** What changed hands by the acceptance that closed a trade is what was on the table, on both sides. */
function checkTrades(told: readonly Told[], durable: Durable): string[] {
  const found: string[] = [];
  const closers = closersOf(told, durable);
  for (const trade of durable.trades) {
    const by = closers.get(trade.id) ?? [];
    if (by.length !== (trade.state === 'done' ? 1 : 0))
      found.push(`trade ${trade.id} is ${trade.state}, and was carried out ${by.length} times`);
    else if (trade.state === 'done') {
      const [operation] = by as [number];
      const passed = [
        passedBy(durable, operation, trade.one, trade.other),
        passedBy(durable, operation, trade.other, trade.one),
      ];
      if (JSON.stringify(passed) !== JSON.stringify([laid(trade.oneGives), laid(trade.otherGives)]))
        found.push(`one-sided: trade ${trade.id} is not what was on the table`);
    }
  }
  return found;
}

/** By trade: the acceptances by which something changed hands. */
function closersOf(told: readonly Told[], { operations, entries, moves, holders }: Durable): Map<string, number[]> {
  const rows = new Map(operations.map((row) => [keyOf(row.holder, row.key), row]));
  const exchanges = new Set([...entries, ...moves].map(({ operation }) => operation));
  const closers = new Map<string, Set<number>>();
  for (const { request } of told) {
    if (request.operation.kind !== 'accept') continue;
    const row = rows.get(keyOf(holders.get(request.holder)?.id ?? 0, request.key));
    if (row === undefined || !exchanges.has(row.id) || Buffer.compare(row.hash, request.hash) !== 0) continue;
    const own = closers.get(request.operation.trade) ?? new Set();
    closers.set(request.operation.trade, own.add(row.id));
  }
  return new Map([...closers].map(([trade, ids]) => [trade, [...ids]]));
}

function passedBy({ entries, moves }: Durable, operation: number, from: number, to: number): string[] {
  const isIt = (row: { operation: number; from: number; to: number }): boolean =>
    row.operation === operation && row.from === from && row.to === to;
  return [
    ...entries.filter(isIt).map(({ currency, amount }) => `${currency} ${amount}`),
    ...moves.filter(isIt).map(({ item }) => `item ${item}`),
  ].sort();
}

function laid({ money, items }: Trade['oneGives']): string[] {
  const coins = Object.entries(money).map(([currency, amount]) => `${currency} ${amount}`);
  return [...coins, ...items.map((item) => `item ${item}`)].sort();
}
