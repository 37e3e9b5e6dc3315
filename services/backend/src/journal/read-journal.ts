import type { Sql } from '@lifeverse/node-kit';

/** An operation, as one of those concerned sees it. */
export interface JournalLine {
  readonly operation: number;
  readonly at: Date;
  readonly kind: string;
  /** `amount` is negative when it was paid; `with`: a character's id, or the name of a stall, of mint, sink or ground. */
  readonly money: readonly {
    readonly currency: string;
    readonly amount: number;
    readonly balance: number;
    readonly with: string;
  }[];
  readonly items: readonly {
    readonly id: number;
    readonly kind: string;
    readonly gained: boolean;
    readonly with: string;
  }[];
}

export interface JournalPage {
  readonly lines: readonly JournalLine[];
  /** For the page with what was before; null: that was all. */
  readonly next: string | null;
}

/** Where the next page goes on: by currency, the operation of its next entry; items from before that operation. */
interface Position {
  readonly money: Readonly<Record<string, number>>;
  readonly items: number | null;
}

const CURSOR_BYTES = 1_024;
const CURRENCIES_MAX = 64;
/** Above all ids. */
const END = Number.MAX_SAFE_INTEGER;

/**
 * What went to and from a character, the newest first. Entries lead back from the balances by themselves, so that a page
 * costs as much at the end as at the beginning. Null: `before` is no cursor of ours.
 */
export async function readJournal(
  sql: Sql,
  character: string,
  { limit, before }: { readonly limit: number; readonly before: string | null },
): Promise<JournalPage | null> {
  const [holder] = await sql.query<{ id: bigint }>('SELECT id FROM holders WHERE character = $1::uuid', [character]);
  if (holder === undefined) return { lines: [], next: null };
  const from = before === null ? await newest(sql, holder.id) : parsePosition(before);
  if (from === null) return null;
  const lists = [...(await moneyLists(sql, holder.id, from, limit)), await itemList(sql, holder.id, from, limit)];
  const lines: JournalLine[] = [];
  const at = lists.map(() => 0);
  const heads = () => lists.map((list, index) => list.rows[at[index] as number]);
  while (lines.length < limit) {
    const operation = Math.max(...heads().map((row) => row?.operation ?? -1));
    if (operation < 0) break;
    const rows = lists.flatMap((list, index) => {
      const start = at[index] as number;
      while (list.rows[at[index] as number]?.operation === operation) (at[index] as number)++;
      return list.rows.slice(start, at[index]);
    });
    lines.push(lineOf(operation, rows));
  }
  const left = heads();
  const money = Object.fromEntries(
    lists.flatMap(({ currency }, index) =>
      currency !== null && left[index] ? [[currency, left[index].operation]] : [],
    ),
  );
  const items = left.at(-1) === undefined ? null : (left.at(-1) as Row).operation + 1;
  const isEnd = Object.keys(money).length === 0 && items === null;
  return { lines, next: isEnd ? null : formatPosition({ money, items }) };
}

interface Row {
  readonly operation: number;
  readonly at: Date;
  readonly kind: string;
  readonly money?: JournalLine['money'][number];
  readonly item?: JournalLine['items'][number];
}

interface List {
  /** Null: of items. */
  readonly currency: string | null;
  readonly rows: readonly Row[];
}

function lineOf(operation: number, rows: readonly Row[]): JournalLine {
  const { at, kind } = rows[0] as Row;
  const money = rows.flatMap((row) => row.money ?? []);
  const items = rows.flatMap((row) => row.item ?? []);
  return { operation, at, kind, money, items };
}

async function newest(sql: Sql, holder: bigint): Promise<Position> {
  const balances = await sql.query<{ currency: string; version: bigint }>(
    'SELECT currency, version FROM balances WHERE holder = $1',
    [holder],
  );
  return {
    money: Object.fromEntries(balances.map(({ currency, version }) => [currency, Number(version)])),
    items: END,
  };
}

async function moneyLists(sql: Sql, holder: bigint, { money }: Position, limit: number): Promise<List[]> {
  const starts = Object.entries(money);
  if (starts.length === 0) return [];
  type Found = Record<'operation' | 'amount' | 'balance', bigint> & { at: Date } & Record<
      'kind' | 'currency' | 'other',
      string
    >;
  const rows = await sql.query<Found>(
    `WITH RECURSIVE walk AS (
       SELECT 1 AS n, e.* FROM unnest($2::text[], $3::bigint[]) AS s(currency, operation)
         JOIN LATERAL entries_of(s.operation) e ON e.currency = s.currency
         WHERE $1 IN (e.from_holder, e.to_holder)
       UNION ALL
       SELECT w.n + 1, e.* FROM walk w
         JOIN LATERAL entries_of(CASE $1 WHEN w.from_holder THEN w.from_was ELSE w.to_was END) e
           ON e.currency = w.currency AND $1 IN (e.from_holder, e.to_holder)
         WHERE w.n <= $4)
     SELECT w.operation, o.at, o.kind, w.currency, coalesce(h.character::text, h.name) AS other,
       CASE $1 WHEN w.from_holder THEN -w.amount ELSE w.amount END AS amount,
       CASE $1 WHEN w.from_holder THEN w.from_balance ELSE w.to_balance END AS balance
     FROM walk w JOIN operations o ON o.id = w.operation
       JOIN holders h ON h.id = CASE $1 WHEN w.from_holder THEN w.to_holder ELSE w.from_holder END
     ORDER BY w.currency, w.n`,
    [holder, starts.map(([currency]) => currency), starts.map(([, operation]) => operation), limit],
  );
  return starts.map(([currency]) => ({
    currency,
    rows: rows
      .filter((row) => row.currency === currency)
      .map(({ operation, at, kind, amount, balance, other }) => ({
        operation: Number(operation),
        at,
        kind,
        money: { currency, amount: Number(amount), balance: Number(balance), with: other },
      })),
  }));
}

async function itemList(sql: Sql, holder: bigint, { items }: Position, limit: number): Promise<List> {
  if (items === null) return { currency: null, rows: [] };
  type Found = Record<'operation' | 'item', bigint> & { at: Date; gained: boolean } & Record<
      'kind' | 'itemKind' | 'other',
      string
    >;
  // Up to so many operations; each may have moved several items.
  const rows = await sql.query<Found>(
    `WITH moved AS (
       SELECT * FROM item_moves WHERE from_holder = $1 AND operation < $2 AND operation >= coalesce((
         SELECT operation FROM (SELECT DISTINCT operation FROM item_moves WHERE from_holder = $1 AND operation < $2
           ORDER BY operation DESC LIMIT $3) l ORDER BY operation LIMIT 1), 0)
       UNION ALL
       SELECT * FROM item_moves WHERE to_holder = $1 AND operation < $2 AND operation >= coalesce((
         SELECT operation FROM (SELECT DISTINCT operation FROM item_moves WHERE to_holder = $1 AND operation < $2
           ORDER BY operation DESC LIMIT $3) l ORDER BY operation LIMIT 1), 0))
     SELECT m.operation, o.at, o.kind, m.item, i.kind AS "itemKind", m.to_holder = $1 AS gained,
       coalesce(h.character::text, h.name) AS other
     FROM moved m JOIN operations o ON o.id = m.operation JOIN items i ON i.id = m.item
       JOIN holders h ON h.id = CASE m.to_holder WHEN $1 THEN m.from_holder ELSE m.to_holder END
     ORDER BY m.operation DESC, m.item`,
    [holder, items, limit + 1],
  );
  return {
    currency: null,
    rows: rows.map(({ operation, at, kind, item, itemKind, gained, other }) => ({
      operation: Number(operation),
      at,
      kind,
      item: { id: Number(item), kind: itemKind, gained, with: other },
    })),
  };
}

const formatPosition = ({ money, items }: Position): string =>
  Buffer.from(JSON.stringify([Object.entries(money), items])).toString('base64url');

/** Whoever forges one sees what is theirs, from somewhere else. */
function parsePosition(cursor: string): Position | null {
  if (cursor.length > CURSOR_BYTES) return null;
  try {
    const [money, items] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (!Array.isArray(money) || money.length > CURRENCIES_MAX || !(items === null || isId(items))) return null;
    const isEntry = (entry: unknown): entry is [string, number] =>
      Array.isArray(entry) && entry.length === 2 && /^[a-z][a-z0-9-]{0,15}$/.test(String(entry[0])) && isId(entry[1]);
    return money.every(isEntry) ? { money: Object.fromEntries(money), items } : null;
  } catch {
    return null;
  }
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
