import type { DurableOutcome, Stake } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { int8Array, textArray, uuidArray } from './binary-array.ts';
import { uuidBytes } from './change-columns.ts';
import type { HolderKind, Item, Trade } from './known.ts';
import type { CheckedRequest } from './request.ts';
import { isUuid } from './request.ts';
import type { HolderRow, Reading, Wants } from './store.ts';

/** Runs one of the statements below by its name. */
export type Ask = <Row extends object>(name: Statement, values: readonly Buffer[]) => Promise<Row[]>;

export const statements = {
  holders: `SELECT h.id, h.kind, coalesce(h.character::text, h.name) AS name, b.currency, b.amount, b.version
    FROM (SELECT id, kind, character, name FROM holders WHERE character = ANY ($1::uuid[])
      UNION SELECT id, kind, character, name FROM holders WHERE name = ANY ($2::text[])
      UNION SELECT id, kind, character, name FROM holders WHERE id = ANY ($3::bigint[])) h
    LEFT JOIN balances b ON b.holder = h.id`,
  items: 'SELECT id, kind, holder, x_mm, y_mm FROM items WHERE id = ANY ($1::bigint[])',
  trades: `SELECT id::text, one, other, offer, one_gives, other_gives, one_accepts, other_accepts, state, version
    FROM trades WHERE id = ANY ($1::uuid[])`,
  prices: `SELECT DISTINCT h.name AS stall, p.kind, p.currency, p.asks, p.pays
    FROM unnest($1::text[], $2::bigint[]) AS w(stall, item) JOIN holders h ON h.name = w.stall
    JOIN items i ON i.id = w.item JOIN stall_prices p ON p.stall = h.id AND p.kind = i.kind`,
  payments: `SELECT o.id, o.holder, e.currency, e.amount, r.operation IS NOT NULL AS refunded
    FROM operations o LEFT JOIN LATERAL entries_of(o.id) e ON e.from_holder = o.holder
    LEFT JOIN refunds r ON r.operation = o.id WHERE o.id = ANY ($1::bigint[])`,
  epochs: 'SELECT zone, epoch FROM zone_epochs WHERE zone = ANY ($1::bigint[])',
  decided: `SELECT w.n, o.id, o.refused, o.request_hash
    FROM unnest($1::bigint[], $2::uuid[]) WITH ORDINALITY AS w(holder, key, n)
    JOIN operations o ON o.holder = w.holder AND o.key = w.key`,
  entries: `SELECT e.operation, e.currency,
      CASE w.holder WHEN e.from_holder THEN e.from_balance ELSE e.to_balance END AS balance
    FROM unnest($1::bigint[], $2::bigint[]) AS w(id, holder) CROSS JOIN LATERAL entries_of(w.id) e
    WHERE w.holder IN (e.from_holder, e.to_holder)`,
  moves: `SELECT w.id AS operation, m.item, m.gained FROM unnest($1::bigint[], $2::bigint[]) AS w(id, holder)
    CROSS JOIN LATERAL (
      SELECT item, false AS gained FROM item_moves WHERE from_holder = w.holder AND operation = w.id
      UNION ALL SELECT item, true FROM item_moves WHERE to_holder = w.holder AND operation = w.id) m ORDER BY m.item`,
} as const;

export type Statement = keyof typeof statements;

const empty: Readonly<Record<string, Buffer>> = { uuid: uuidArray([]), text: textArray([]), bigint: int8Array([]) };

/** Arguments with which a statement finds nothing. */
export function noArguments(statement: Statement): Buffer[] {
  return [...statements[statement].matchAll(/\$\d::(\w+)\[\]/g)].map(([, type]) => empty[type as string] as Buffer);
}

export async function readHolders(ask: Ask, names: readonly string[], ids: readonly number[]): Promise<HolderRow[]> {
  if (names.length === 0 && ids.length === 0) return [];
  type Row = { id: bigint; kind: HolderKind; name: string; currency: string | null; amount: bigint; version: bigint };
  const rows = await ask<Row>('holders', [
    uuidArray(names.filter(isUuid).map(uuidBytes)),
    textArray(names.filter((name) => !isUuid(name))),
    int8Array(ids),
  ]);
  const found = new Map<bigint, HolderRow & { readonly balances: HolderRow['balances'][number][] }>();
  for (const { id, kind, name, currency, amount, version } of rows) {
    let holder = found.get(id);
    if (holder === undefined) {
      holder = { id: Number(id), kind, name, balances: [] };
      found.set(id, holder);
    }
    if (currency !== null) holder.balances.push({ currency, amount: Number(amount), version: Number(version) });
  }
  return [...found.values()];
}

export async function readItems(ask: Ask, ids: readonly number[]): Promise<Item[]> {
  if (ids.length === 0) return [];
  type Row = { id: bigint; kind: string; holder: bigint; x_mm: number | null; y_mm: number | null };
  const rows = await ask<Row>('items', [int8Array(ids)]);
  return rows.map(({ id, kind, holder, x_mm, y_mm }) => ({
    id: Number(id),
    kind,
    holder: Number(holder),
    xMm: x_mm,
    yMm: y_mm,
  }));
}

export async function readTrades(ask: Ask, ids: readonly string[]): Promise<Trade[]> {
  if (ids.length === 0) return [];
  type Row = Record<'one' | 'other' | 'version', bigint> &
    Record<'one_gives' | 'other_gives', Stake> &
    Record<'one_accepts' | 'other_accepts', boolean> & { id: string; offer: number; state: Trade['state'] };
  const rows = await ask<Row>('trades', [uuidArray(ids.map(uuidBytes))]);
  return rows.map((row) => ({
    id: row.id,
    one: Number(row.one),
    other: Number(row.other),
    offer: row.offer,
    oneGives: row.one_gives,
    otherGives: row.other_gives,
    oneAccepts: row.one_accepts,
    otherAccepts: row.other_accepts,
    state: row.state,
    version: Number(row.version),
  }));
}

export async function readPrices(ask: Ask, deals: Wants['deals']): Promise<Reading['prices']> {
  if (deals.length === 0) return [];
  type Row = { stall: string; kind: string; currency: string; asks: bigint | null; pays: bigint | null };
  const rows = await ask<Row>('prices', [
    textArray(deals.map(({ stall }) => stall)),
    int8Array(deals.map(({ item }) => item)),
  ]);
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return rows.map(({ asks, pays, ...row }) => ({ ...row, asks: number(asks), pays: number(pays) }));
}

export async function readPayments(ask: Ask, operations: readonly number[]): Promise<Reading['payments']> {
  if (operations.length === 0) return [];
  type Row = { id: bigint; holder: bigint; currency: string | null; amount: bigint; refunded: boolean };
  const rows = await ask<Row>('payments', [int8Array(operations)]);
  const found = new Map<bigint, { operation: number; payer: number; refunded: boolean; paid: Paid[] }>();
  type Paid = { currency: string; amount: number };
  for (const { id, holder, currency, amount, refunded } of rows) {
    const payment = found.get(id) ?? { operation: Number(id), payer: Number(holder), refunded, paid: [] };
    found.set(id, payment);
    if (currency !== null) payment.paid.push({ currency, amount: Number(amount) });
  }
  return [...found.values()];
}

export async function readEpochs(ask: Ask, zones: readonly number[]): Promise<Reading['epochs']> {
  if (zones.length === 0) return [];
  const rows = await ask<{ zone: bigint; epoch: bigint }>('epochs', [int8Array(zones)]);
  return rows.map(({ zone, epoch }) => ({ zone: Number(zone), epoch: Number(epoch) }));
}

/** Which of the requests were decided before, with the answer that was given then. */
export async function readDecided(
  ask: Ask,
  requests: readonly CheckedRequest[],
  idOf: (name: string) => number | undefined,
): Promise<Reading['decided']> {
  const asked = requests.filter(({ holder }) => idOf(holder) !== undefined);
  if (asked.length === 0) return new Map();
  const holders = asked.map(({ holder }) => idOf(holder) as number);
  type Row = { n: bigint; id: bigint; refused: ErrorCode | null; request_hash: string };
  const rows = await ask<Row>('decided', [int8Array(holders), uuidArray(asked.map(({ key }) => key))]);
  const done = rows.filter(({ refused }) => refused === null);
  const outcomes = await readOutcomes(
    ask,
    done.map(({ id, n }) => ({ id: Number(id), holder: holders[Number(n) - 1] as number })),
  );
  return new Map(
    rows.map(({ n, id, refused, request_hash }) => {
      const { once } = asked[Number(n) - 1] as CheckedRequest;
      const outcome: DurableOutcome =
        refused === null ? (outcomes.get(Number(id)) as DurableOutcome) : { ok: false, code: refused };
      return [once, { hash: uuidBytes(request_hash), outcome }];
    }),
  );
}

async function readOutcomes(
  ask: Ask,
  done: readonly { readonly id: number; readonly holder: number }[],
): Promise<Map<number, DurableOutcome>> {
  if (done.length === 0) return new Map();
  const of = [int8Array(done.map(({ id }) => id)), int8Array(done.map(({ holder }) => holder))];
  const [entries, moves] = await Promise.all([
    ask<{ operation: bigint; currency: string; balance: bigint }>('entries', of),
    ask<{ operation: bigint; item: bigint; gained: boolean }>('moves', of),
  ]);
  const outcomes = new Map(
    done.map(({ id }) => {
      const balances: Record<string, number> = {};
      const items: { id: number; gained: boolean }[] = [];
      return [id, { ok: true as const, operation: id, balances, items }];
    }),
  );
  for (const { operation, currency, balance } of entries) {
    const outcome = outcomes.get(Number(operation));
    if (outcome !== undefined) outcome.balances[currency] = Number(balance);
  }
  for (const { operation, item, gained } of moves)
    outcomes.get(Number(operation))?.items.push({ id: Number(item), gained });
  return outcomes;
}
