import type { Sql } from '@lifeverse/node-kit';
import { hashOfRow, MICROSECONDS } from './audit-row.ts';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

/** A privileged act, by whom, on what and why. Nothing that a person typed as a secret belongs here: it stays for ever. */
export interface Act {
  /** `player:<id>`, or `command` for one who sits at the server. */
  readonly actor: string;
  /** A verb of its own: `toggle.set`, `player.suspend`. */
  readonly act: string;
  /** On what: `toggle:worldCapacity`, `player:<id>`. */
  readonly subject: string;
  /** The actor's own words. */
  readonly reason: string;
  readonly detail?: { readonly [key: string]: JsonValue };
}

/** Of a reason, in UTF-8. */
export const MAX_REASON_BYTES = 1_000;
const maxBytes = { actor: 200, act: 64, subject: 200, reason: MAX_REASON_BYTES, detail: 16_384 } as const;

/**
 * Writes an act down, in the transaction that does it: both stand or neither. Acts wait for one another from here to the
 * commit, so this comes last in a transaction. Returns the row's number. Throws a TypeError, and writes nothing, when a
 * column is too long or no text: whoever takes a reason from a person has checked it before.
 */
export async function recordAct(sql: Sql, act: Act): Promise<bigint> {
  const columns = checked(act);
  const [head] = await sql.query<{ number: bigint; hash: Uint8Array }>(
    'SELECT number, hash FROM audit_head FOR UPDATE',
  );
  if (head === undefined) throw new Error('the audit has lost its head: run "lifeverse audit verify"');
  const number = head.number + 1n;
  // Only now: a statement that waits for a lock has its time from before.
  const [time] = (await sql.query(
    `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS at, ${MICROSECONDS('at')} AS at_us
       FROM (SELECT clock_timestamp() AS at) AS t`,
  )) as [{ at: string; at_us: string }];
  const row = { ...columns, number, atUs: time.at_us, previousHash: head.hash };
  const hash = hashOfRow(row);
  await sql.query(
    `WITH moved AS (UPDATE audit_head SET number = $1, hash = $9)
     INSERT INTO audit (number, at, actor, act, subject, reason, detail, previous_hash, hash)
     VALUES ($1, $2::timestamptz, $3, $4, $5, $6, $7, $8, $9)`,
    [number, time.at, row.actor, row.act, row.subject, row.reason, row.detail, head.hash, hash],
  );
  return number;
}

function checked({ detail = {}, ...texts }: Act): Record<keyof typeof maxBytes, string> {
  const columns = { ...texts, detail: canonicalJson(detail) };
  for (const [name, most] of Object.entries(maxBytes)) {
    const value = columns[name as keyof typeof maxBytes];
    if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0') || Buffer.byteLength(value) > most)
      throw new TypeError(`${name} of an audited act must be text of at most ${most} bytes`);
  }
  return columns;
}
