import type { Sql } from '@lifeverse/node-kit';
import type { JsonValue } from './canonical-json.ts';

export interface AuditQuery {
  /** Rows at most. */
  readonly limit: number;
  /** Only rows older than this number. */
  readonly before?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly act?: string;
}

export interface AuditEntry {
  /** Decimal: it may pass 2^53. */
  readonly number: string;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly reason: string;
  readonly detail: JsonValue;
}

export interface AuditPage {
  readonly rows: readonly AuditEntry[];
  /** For the next page; null when there is none. */
  readonly before: string | null;
}

interface Stored extends Omit<AuditEntry, 'number' | 'at' | 'detail'> {
  readonly number: bigint;
  readonly at: Date;
  readonly detail: string;
}

/** The newest first. */
export async function readAudit(sql: Sql, query: AuditQuery): Promise<AuditPage> {
  const { limit, before, actor, subject, act } = query;
  const rows = await sql.query<Stored>(
    `SELECT number, at, actor, act, subject, reason, detail FROM audit
      WHERE ($1::bigint IS NULL OR number < $1) AND ($2::text IS NULL OR actor = $2)
        AND ($3::text IS NULL OR subject = $3) AND ($4::text IS NULL OR act = $4)
      ORDER BY number DESC LIMIT $5`,
    [before ?? null, actor ?? null, subject ?? null, act ?? null, limit + 1],
  );
  const page = rows.slice(0, limit).map((row) => ({
    ...row,
    number: String(row.number),
    at: row.at.toISOString(),
    detail: JSON.parse(row.detail) as JsonValue,
  }));
  return { rows: page, before: rows.length > limit ? (page.at(-1)?.number ?? null) : null };
}
