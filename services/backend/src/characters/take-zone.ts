import type { Sql } from '@lifeverse/node-kit';

/**
 * Gives a zone to whoever asks, by an epoch that is higher than all before and no other zone's: whoever had the zone until
 * now is refused from here on, in everything that it asks of the database. Who holds a lease is not asked.
 */
export async function takeZone(sql: Sql, zone: number): Promise<number> {
  const [row] = await sql.query<{ epoch: bigint }>('SELECT raise_zone_epoch($1) AS epoch', [zone]);
  if (row === undefined) throw new Error(`zone ${zone} cannot be taken`);
  return Number(row.epoch);
}
