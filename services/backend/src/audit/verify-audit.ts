import type { Database, Sql } from '@lifeverse/node-kit';
import { GENESIS, hashOfRow, MICROSECONDS } from './audit-row.ts';

export interface AuditHead {
  readonly number: bigint;
  /** In hexadecimal: noted elsewhere, it shows later that nothing up to here was rewritten. */
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly ok: true; readonly head: AuditHead }
  /** `row`: the first that is not as it was written. */
  | { readonly ok: false; readonly row: bigint; readonly fault: AuditFault };

export type AuditFault =
  /** A column is not what was hashed. */
  | 'edited'
  /** A later row or the head is there, this one is not. */
  | 'missing'
  /** It does not follow the row before: one of the two was put in, or written anew with its own hash. */
  | 'out of chain'
  /** The head does not name this last row. */
  | 'not the head'
  /** The whole chain holds, and the hash that was noted is not in it: it was written anew. */
  | 'rewritten';

interface StoredRow {
  readonly number: bigint;
  readonly at_us: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly reason: string;
  readonly detail: string;
  readonly previous_hash: Uint8Array;
  readonly hash: Uint8Array;
}

const ROWS_AT_ONCE = 1_000;

/**
 * Reads the whole audit as it stands at one moment, while others go on writing, and holds every row against the one
 * before. `expect`: hashes (hexadecimal) noted earlier, that must be there; without one, an audit that somebody wrote
 * anew from its first row cannot be told from a true one.
 */
export function verifyAudit(database: Database, expect: readonly string[] = []): Promise<AuditVerdict> {
  return database.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const heads = await sql.query<{ number: bigint; hash: Uint8Array }>('SELECT number, hash FROM audit_head');
    const missing = new Set(expect.map((hash) => hash.toLowerCase()));
    missing.delete(hex(GENESIS));
    let last: AuditHead = { number: 0n, hash: hex(GENESIS) };
    for await (const row of rows(sql)) {
      const fault = faultOf(row, last);
      if (fault !== null) return fault;
      last = { number: row.number, hash: hex(row.hash) };
      missing.delete(last.hash);
    }
    const [head] = heads;
    if (head !== undefined && head.number > last.number) return { ok: false, row: last.number + 1n, fault: 'missing' };
    if (heads.length !== 1 || head?.number !== last.number || hex(head.hash) !== last.hash)
      return { ok: false, row: last.number, fault: 'not the head' };
    if (missing.size > 0) return { ok: false, row: 1n, fault: 'rewritten' };
    return { ok: true, head: last };
  });
}

/** A cursor, and not pages by number: rows of equal number are met too when somebody took the key away. */
async function* rows(sql: Sql): AsyncGenerator<StoredRow> {
  await sql.query(
    `DECLARE audit_rows NO SCROLL CURSOR FOR SELECT number, ${MICROSECONDS('at')} AS at_us, actor, act, subject, reason,
       detail, previous_hash, hash FROM audit ORDER BY number`,
  );
  for (;;) {
    const some = await sql.query<StoredRow>(`FETCH ${ROWS_AT_ONCE} FROM audit_rows`);
    yield* some;
    if (some.length < ROWS_AT_ONCE) return;
  }
}

function faultOf(row: StoredRow, before: AuditHead): AuditVerdict | null {
  const due = before.number + 1n;
  if (row.number > due) return { ok: false, row: due, fault: 'missing' };
  if (row.number < due) return { ok: false, row: row.number, fault: 'out of chain' };
  const { at_us: atUs, previous_hash: previousHash } = row;
  if (hex(hashOfRow({ ...row, atUs, previousHash })) !== hex(row.hash)) return { ok: false, row: due, fault: 'edited' };
  return hex(previousHash) === before.hash ? null : { ok: false, row: due, fault: 'out of chain' };
}

function hex(bytes: Uint8Array | null): string {
  return bytes === null ? 'none' : Buffer.from(bytes).toString('hex');
}
