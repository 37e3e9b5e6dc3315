import type { ContentSet } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';

export type ContentState = 'staged' | 'in force' | 'former' | 'refused';

export interface ContentVersion {
  readonly version: number;
  readonly state: ContentState;
  /** RFC 3339: when it was staged. */
  readonly at: string;
  /** RFC 3339; null when it never was. */
  readonly inForceAt: string | null;
  readonly actor: string;
  readonly reason: string;
}

export interface ContentVersionBody extends ContentVersion {
  /** Unchecked: it may be older than today's declarations. */
  readonly body: unknown;
}

interface Row {
  readonly id: bigint;
  readonly state: ContentState;
  readonly at: Date;
  readonly in_force_at: Date | null;
  readonly actor: string;
  readonly reason: string;
  readonly body: unknown;
}

const COLUMNS = 'id, state, at, in_force_at, actor, reason';

/** What is in force, as short as that can be told: equal texts stand for equal content. */
export async function contentHeads(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ heads: string | null }>(
    `SELECT string_agg(document || ' ' || id || ' ' || turn, ',' ORDER BY document) AS heads
       FROM content_versions WHERE state = 'in force'`,
  );
  return row?.heads ?? '';
}

export async function readContentSet(sql: Sql): Promise<ContentSet> {
  const rows = await sql.query<{ id: bigint; document: string; body: unknown; turn: bigint }>(
    `SELECT id, document, body, turn FROM content_versions WHERE state = 'in force' ORDER BY document`,
  );
  return {
    revision: Math.max(0, ...rows.map(({ turn }) => Number(turn))),
    documents: rows.map(({ document, id, body }) => ({ document, version: Number(id), body })),
  };
}

/** The newest first, older than `before`; without their bodies. */
export async function contentVersions(
  sql: Sql,
  document: string,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly ContentVersion[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM content_versions WHERE document = $1 AND ($2::bigint IS NULL OR id < $2)
      ORDER BY id DESC LIMIT $3`,
    [document, before ?? null, limit],
  );
  return rows.map(versionOf);
}

export async function readContent(sql: Sql, document: string, version: number): Promise<ContentVersionBody | null> {
  const [row] = await sql.query<Row>(`SELECT ${COLUMNS}, body FROM content_versions WHERE document = $1 AND id = $2`, [
    document,
    version,
  ]);
  return row === undefined ? null : { ...versionOf(row), body: row.body };
}

/** Others who would change this document wait from here to the end of the transaction. Null: nothing is in force yet. */
export async function lockInForce(sql: Sql, document: string): Promise<number | null> {
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`content:${document}`]);
  const [row] = await sql.query<{ id: bigint }>(
    `SELECT id FROM content_versions WHERE document = $1 AND state = 'in force'`,
    [document],
  );
  return row === undefined ? null : Number(row.id);
}

export async function addContent(
  sql: Sql,
  document: string,
  body: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<ContentVersion> {
  const [row] = await sql.query<Row>(
    `INSERT INTO content_versions (document, body, state, actor, reason) VALUES ($1, $2, 'staged', $3, $4)
     RETURNING ${COLUMNS}`,
    [document, body, by.actor, by.reason],
  );
  return versionOf(row as Row);
}

/** In place of what is in force now; under the lock. */
export async function putInForce(sql: Sql, document: string, version: number): Promise<ContentVersion> {
  await sql.query(`UPDATE content_versions SET state = 'former' WHERE document = $1 AND state = 'in force'`, [
    document,
  ]);
  const [row] = await sql.query<Row>(
    `UPDATE content_versions SET state = 'in force', in_force_at = now(), turn = nextval('content_turns')
      WHERE document = $1 AND id = $2 RETURNING ${COLUMNS}`,
    [document, version],
  );
  return versionOf(row as Row);
}

export async function markRefused(sql: Sql, document: string, version: number): Promise<void> {
  await sql.query(
    `UPDATE content_versions SET state = 'refused' WHERE document = $1 AND id = $2 AND state = 'staged'`,
    [document, version],
  );
}

function versionOf({ id, state, at, in_force_at, actor, reason }: Row): ContentVersion {
  return {
    version: Number(id),
    state,
    at: at.toISOString(),
    inForceAt: in_force_at?.toISOString() ?? null,
    actor,
    reason,
  };
}
