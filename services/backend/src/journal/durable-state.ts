import type { Sql } from '@lifeverse/node-kit';
import { uuidBytes } from './change-columns.ts';
import type { Durable } from './checker.ts';
import type { Item, Trade } from './known.ts';

/** All that the journal has on disk, for the checker: of a world small enough for memory. */
export async function readDurable(sql: Sql): Promise<Durable> {
  const holders = await sql.query<{ id: bigint; name: string }>(
    'SELECT id, coalesce(character::text, name) AS name FROM holders',
  );
  const operations = await sql.query<{
    id: bigint;
    holder: bigint;
    key: string;
    kind: string;
    refused: string | null;
    request_hash: string;
  }>('SELECT id, holder, key, kind, refused, request_hash FROM operations ORDER BY id');
  const entries = await numbers<
    'operation' | 'from' | 'to' | 'amount' | 'fromBalance' | 'toBalance' | 'fromWas' | 'toWas',
    'currency'
  >(
    sql,
    `SELECT operation, from_holder AS from, to_holder AS to, amount, from_balance AS "fromBalance",
       to_balance AS "toBalance", from_was AS "fromWas", to_was AS "toWas", currency FROM entries ORDER BY operation, from_holder, currency`,
  );
  const moves = await numbers<'operation' | 'item' | 'from' | 'to', never>(
    sql,
    'SELECT operation, item, from_holder AS from, to_holder AS to FROM item_moves ORDER BY operation, item',
  );
  const items = await numbers<'id' | 'holder' | 'xMm' | 'yMm', 'kind'>(
    sql,
    'SELECT id, kind, holder, x_mm AS "xMm", y_mm AS "yMm" FROM items ORDER BY id',
  );
  const balances = await numbers<'holder' | 'amount' | 'version', 'currency' | 'mayOwe'>(
    sql,
    'SELECT holder, currency, amount, version, may_owe AS "mayOwe" FROM balances ORDER BY holder, currency',
  );
  const trades = await numbers<
    'one' | 'other' | 'offer' | 'version',
    Exclude<keyof Trade, 'one' | 'other' | 'offer' | 'version'>
  >(
    sql,
    `SELECT id::text, one, other, offer, one_gives AS "oneGives", other_gives AS "otherGives",
       one_accepts AS "oneAccepts", other_accepts AS "otherAccepts", state, version FROM trades ORDER BY id`,
  );
  return {
    holders: new Map(holders.map(({ id, name }) => [name, { id: Number(id) }])),
    operations: operations.map(({ key, request_hash, id, holder, kind, refused }) => ({
      id: Number(id),
      holder: Number(holder),
      key: uuidBytes(key),
      kind,
      refused,
      hash: uuidBytes(request_hash),
    })),
    entries: entries as unknown as Durable['entries'],
    moves,
    items: items as unknown as Item[],
    balances: balances as unknown as Durable['balances'],
    trades: trades as unknown as Trade[],
  };
}

/** Rows whose int8 columns are numbers: nothing here goes beyond 2^53. */
async function numbers<Numbers extends string, Others extends string>(
  sql: Sql,
  text: string,
): Promise<(Record<Numbers, number> & Record<Others, unknown>)[]> {
  const rows = await sql.query<Record<string, unknown>>(text);
  return rows.map((row) => {
    const entries = Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]);
    return Object.fromEntries(entries) as Record<Numbers, number> & Record<Others, unknown>;
  });
}
