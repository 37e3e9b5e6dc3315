import { ConfigurationError, type Sql } from '@lifeverse/node-kit';
import { type Belonging, type Presence, SEEN_MS } from './membership.ts';

/** What a database says of the cluster that it belongs to. */
export interface ThisCluster extends Belonging, Presence {
  /** Null: none has run here yet. */
  readonly name: string | null;
}

interface Row {
  readonly identity: string;
  readonly name: string | null;
  readonly generation: bigint;
  readonly since_ms: number;
  readonly seen_ms: number | null;
  readonly now_ms: number;
}

const epochMs = (what: string): string => `(extract(epoch FROM ${what}) * 1000)::float8`;
const READ = `SELECT cluster_identity() AS identity, name, generation, ${epochMs('started')} AS since_ms,
  ${epochMs('seen')} AS seen_ms, ${epochMs('clock_timestamp()')} AS now_ms FROM this_cluster`;

/** Throws a ConfigurationError when the database is that of a cluster of another name. */
export async function readThisCluster(sql: Sql, name: string): Promise<ThisCluster> {
  const [row] = await sql.query<Row>(READ);
  if (row === undefined) throw new Error('the database does not say which cluster it belongs to');
  const cluster = {
    ...{ identity: row.identity, name: row.name, generation: Number(row.generation) },
    ...{ sinceMs: Math.floor(row.since_ms), seenMs: row.seen_ms, nowMs: row.now_ms },
  };
  if (row.name === null || row.name === name) return cluster;
  throw new ConfigurationError(
    `The database is that of ${described(row.name, cluster)}, and this process is of ${JSON.stringify(name)}: start it with --cluster ${row.name}, or give it a database of its own.`,
  );
}

/** As `readThisCluster`, before the schema is brought up to date: a database without one is nobody's. */
export async function checkName(sql: Sql, name: string): Promise<void> {
  const [table] = await sql.query<{ there: boolean }>(`SELECT to_regclass('this_cluster') IS NOT NULL AS there`);
  if (table?.there === true) await readThisCluster(sql, name);
}

/** The next generation begins: that one. Null: somebody else was quicker. */
export async function foundGeneration(sql: Sql, name: string, before: Belonging): Promise<Belonging | null> {
  const [row] = await sql.query<Pick<Row, 'generation' | 'since_ms'>>(
    `UPDATE this_cluster SET name = $1, generation = generation + 1, started = clock_timestamp(), seen = clock_timestamp()
      WHERE generation = $2 RETURNING generation, ${epochMs('started')} AS since_ms`,
    [name, before.generation],
  );
  if (row === undefined) return null;
  return { identity: before.identity, generation: Number(row.generation), sinceMs: Math.floor(row.since_ms) };
}

/** Says that this one is here. Returns whether it is of the latest generation, and the name the same still. */
export async function isSeen(sql: Sql, name: string, { generation }: Belonging): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE this_cluster SET seen = clock_timestamp() WHERE name = $1 AND generation = $2 RETURNING generation',
    [name, generation],
  );
  return rows.length > 0;
}

/** All processes of the generation are gone: the next one need not wait until they are missed. */
export async function leaveThisCluster(sql: Sql, { generation }: Belonging): Promise<void> {
  await sql.query('UPDATE this_cluster SET seen = NULL WHERE generation = $1', [generation]);
}

/** The database is that of a cluster of this name from now on. Throws a ConfigurationError while one runs on it. */
export async function renameThisCluster(sql: Sql, name: string): Promise<void> {
  const rows = await sql.query(
    `UPDATE this_cluster SET name = $1, seen = NULL
      WHERE seen IS NULL OR seen < clock_timestamp() - $2 * interval '1 ms' RETURNING name`,
    [name, SEEN_MS],
  );
  if (rows.length === 0) throw new ConfigurationError('A cluster runs on this database: stop it first.');
}

const IDENTITY_SHOWN = 8;

export function described(name: string, { identity, generation }: Belonging): string {
  return `the cluster ${JSON.stringify(name)} (identity ${identity.slice(0, IDENTITY_SHOWN)}, generation ${generation})`;
}
