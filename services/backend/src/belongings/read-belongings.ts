import type { Belongings, LyingItem, OwnedItem, Stock } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';

/**
 * What characters have, by what is on disk. What is read after something was committed has a number that is not lower
 * than that of any reading without it: the number is where the log of the database stood before the reading began.
 */
export async function readBelongings(sql: Sql, characters: readonly string[]): Promise<Belongings[]> {
  const [stood] = await sql.query<{ at: bigint }>(`SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS at`);
  const asOf = Number(stood?.at ?? 0);
  type Row = { character: string; money: [string, string][] | null; items: [string, string][] | null };
  // Amounts and ids as text: JSON has no integers of 64 bits.
  const rows = await sql.query<Row>(
    `SELECT h.character::text AS character,
       (SELECT json_agg(json_build_array(b.currency, b.amount::text)) FROM balances b WHERE b.holder = h.id) AS money,
       (SELECT json_agg(json_build_array(i.id::text, i.kind) ORDER BY i.id) FROM items i WHERE i.holder = h.id) AS items
     FROM holders h WHERE h.character = ANY ($1::uuid[])`,
    [characters],
  );
  return rows.map(({ character, money, items }) => ({
    holder: character,
    asOf,
    money: Object.fromEntries((money ?? []).map(([currency, amount]) => [currency, Number(amount)])),
    items: (items ?? []).map(([id, kind]) => ({ id: Number(id), kind })),
  }));
}

/** What became of an operation; null when nothing is known of that key. */
export async function readDecided(
  sql: Sql,
  character: string,
  key: Uint8Array,
): Promise<{ readonly operation: number; readonly refused: string | null } | null> {
  // The one who accepted a trade first gave it its key: that it was done is a row of the other one.
  const [row] = await sql.query<{ id: bigint; refused: string | null }>(
    `SELECT o.id, o.refused FROM operations o JOIN holders h ON h.id = o.holder
       WHERE h.character = $1::uuid AND o.key = $2::uuid
     UNION ALL
     SELECT t.version AS id, NULL FROM trades t JOIN holders h ON h.id IN (t.one, t.other)
       WHERE h.character = $1::uuid AND t.id = $2::uuid AND t.state = 'done'`,
    [character, uuidOf(key)],
  );
  return row === undefined ? null : { operation: Number(row.id), refused: row.refused };
}

export async function readStock(
  sql: Sql,
  stall: string,
): Promise<Stock & { readonly till: ReadonlyMap<string, number> }> {
  const items = await sql.query<{ id: bigint; kind: string }>(
    'SELECT i.id, i.kind FROM items i JOIN holders h ON h.id = i.holder WHERE h.name = $1 ORDER BY i.id',
    [stall],
  );
  const money = await sql.query<{ currency: string; amount: bigint }>(
    'SELECT b.currency, b.amount FROM balances b JOIN holders h ON h.id = b.holder WHERE h.name = $1',
    [stall],
  );
  return {
    stall,
    items: items.map(({ id, kind }): OwnedItem => ({ id: Number(id), kind })),
    till: new Map(money.map(({ currency, amount }) => [currency, Number(amount)])),
  };
}

/** A world does not show more than this of what lies on its ground. */
const MOST_LYING = 2_000;

export async function readGround(sql: Sql): Promise<LyingItem[]> {
  const rows = await sql.query<{ id: bigint; kind: string; x_mm: number | null; y_mm: number | null }>(
    `SELECT i.id, i.kind, i.x_mm, i.y_mm FROM items i JOIN holders h ON h.id = i.holder
     WHERE h.name = 'ground' ORDER BY i.id DESC LIMIT $1`,
    [MOST_LYING],
  );
  return rows.flatMap(({ id, kind, x_mm: xMm, y_mm: yMm }) =>
    xMm === null || yMm === null ? [] : [{ id: Number(id), kind, xMm, yMm }],
  );
}

/** 16 bytes as PostgreSQL's uuid takes them, and as ids of trades are written. */
export function uuidOf(key: Uint8Array): string {
  return Buffer.from(key)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
