import type { ToggleDefinition, ToggleSet } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';

export interface ToggleVersion {
  readonly version: number;
  /** Null: back to the declared default. Unchecked: it may be older than today's declarations. */
  readonly definition: unknown;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
}

interface Row {
  readonly id: bigint;
  readonly toggle: string;
  readonly definition: unknown;
  readonly at: Date;
  readonly actor: string;
  readonly reason: string;
}

const COLUMNS = 'id, toggle, definition, at, actor, reason';

/** What is in force, by the database's own clock. */
export async function readToggleSet(sql: Sql): Promise<ToggleSet> {
  const rows = await sql.query<{ at_ms: bigint; id: bigint | null; toggle: string; definition: unknown }>(
    `SELECT t.at_ms, v.id, v.toggle, v.definition
       FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at_ms) AS t
       LEFT JOIN (SELECT DISTINCT ON (toggle) id, toggle, definition FROM toggle_versions ORDER BY toggle, id DESC) AS v
         ON true`,
  );
  const versions = rows.flatMap(({ id, toggle, definition }) =>
    id === null ? [] : [{ toggle, version: Number(id), definition }],
  );
  return {
    revision: Math.max(0, ...versions.map(({ version }) => version)),
    atMs: Number(rows[0]?.at_ms ?? 0),
    toggles: versions.filter(({ definition }) => definition !== null),
  };
}

/** The newest version of each toggle that ever had one. */
export async function newestVersions(sql: Sql): Promise<ReadonlyMap<string, ToggleVersion>> {
  const rows = await sql.query<Row>(
    `SELECT DISTINCT ON (toggle) ${COLUMNS} FROM toggle_versions ORDER BY toggle, id DESC`,
  );
  return new Map(rows.map((row) => [row.toggle, versionOf(row)]));
}

/** The newest first, older than `before`. */
export async function versionsOf(
  sql: Sql,
  toggle: string,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<readonly ToggleVersion[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM toggle_versions WHERE toggle = $1 AND ($2::bigint IS NULL OR id < $2)
      ORDER BY id DESC LIMIT $3`,
    [toggle, before ?? null, limit],
  );
  return rows.map(versionOf);
}

/** Others who would change this toggle wait from here to the end of the transaction. Null: it has no version yet. */
export async function lockNewest(sql: Sql, toggle: string): Promise<ToggleVersion | null> {
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`toggle:${toggle}`]);
  const [newest] = await versionsOf(sql, toggle, { limit: 1 });
  return newest ?? null;
}

export async function readVersion(sql: Sql, toggle: string, version: number): Promise<ToggleVersion | null> {
  const [row] = await sql.query<Row>(`SELECT ${COLUMNS} FROM toggle_versions WHERE toggle = $1 AND id = $2`, [
    toggle,
    version,
  ]);
  return row === undefined ? null : versionOf(row);
}

export async function addVersion(
  sql: Sql,
  toggle: string,
  definition: ToggleDefinition | null,
  by: { readonly actor: string; readonly reason: string },
): Promise<ToggleVersion> {
  const [row] = await sql.query<Row>(
    `INSERT INTO toggle_versions (toggle, definition, actor, reason) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
    [toggle, definition === null ? null : JSON.stringify(definition), by.actor, by.reason],
  );
  return versionOf(row as Row);
}

function versionOf({ id, definition, at, actor, reason }: Row): ToggleVersion {
  return { version: Number(id), definition, at: at.toISOString(), actor, reason };
}
