import type { Sql } from '@lifeverse/node-kit';

/** Gives a new character its place in the journal, inside the caller's transaction; harmless when it has one. */
export async function openHolder(sql: Sql, character: string): Promise<void> {
  await sql.query(`INSERT INTO holders (kind, character) VALUES ('character', $1) ON CONFLICT (character) DO NOTHING`, [
    character,
  ]);
}

/** A market stall, by the name under which players deal with it. */
export async function openStall(sql: Sql, name: string): Promise<void> {
  await sql.query(`INSERT INTO holders (kind, name) VALUES ('stall', $1) ON CONFLICT (name) DO NOTHING`, [name]);
}

export interface ListedPrice {
  readonly kind: string;
  readonly currency: string;
  /** What the stall asks for one; null: it does not sell these. */
  readonly asks: number | null;
  /** What it pays for one; null: it does not buy these. */
  readonly pays: number | null;
}

/** The stall deals in exactly these from now on. */
export async function setPrices(sql: Sql, stall: string, prices: readonly ListedPrice[]): Promise<void> {
  await sql.query(
    `WITH listed AS (SELECT h.id AS stall, p.* FROM holders h
       CROSS JOIN unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS p(kind, currency, asks, pays)
       WHERE h.name = $1 AND h.kind = 'stall'),
     gone AS (DELETE FROM stall_prices s USING holders h WHERE h.id = s.stall AND h.name = $1
       AND NOT s.kind = ANY ($2::text[]))
     INSERT INTO stall_prices (stall, kind, currency, asks, pays) SELECT * FROM listed
     ON CONFLICT (stall, kind) DO UPDATE SET currency = excluded.currency, asks = excluded.asks, pays = excluded.pays`,
    [
      stall,
      prices.map(({ kind }) => kind),
      prices.map(({ currency }) => currency),
      prices.map(({ asks }) => asks),
      prices.map(({ pays }) => pays),
    ],
  );
}
