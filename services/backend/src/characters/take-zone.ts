import type { Sql } from '@lifeverse/node-kit';

/**
 * Makes the caller the owner of a zone, by an epoch that is higher than all before: whoever had the zone until now is
 * refused from here on, in everything that it asks of the database.
 */
export async function takeZone(sql: Sql, zone: number): Promise<number> {
  const [row] = await sql.query<{ epoch: bigint }>(
    `INSERT INTO zone_epochs (zone, epoch) VALUES ($1, 1)
     ON CONFLICT (zone) DO UPDATE SET epoch = zone_epochs.epoch + 1 RETURNING epoch`,
    [zone],
  );
  if (row === undefined) throw new Error(`zone ${zone} cannot be taken`);
  return Number(row.epoch);
}
