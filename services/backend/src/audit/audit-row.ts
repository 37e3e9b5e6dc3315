import { createHash } from 'node:crypto';

/** A row as it is hashed: every column but the hash itself, each as text that has one form only. */
export interface HashedColumns {
  readonly number: bigint;
  /** Microseconds since 1970, as the database counts them. */
  readonly atUs: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly reason: string;
  /** Canonical JSON. */
  readonly detail: string;
  readonly previousHash: Uint8Array;
}

/** What the first row names as the one before it. */
export const GENESIS = new Uint8Array(32);

/** Microseconds of a timestamptz as text, exact and of one form; infinities have theirs too. */
export const MICROSECONDS = (column: string): string => `round(extract(epoch FROM ${column}) * 1000000)::text`;

/** SHA-256 over a JSON array of all columns: no two rows read alike. */
export function hashOfRow(row: HashedColumns): Uint8Array {
  const columns = [
    String(row.number),
    row.atUs,
    row.actor,
    row.act,
    row.subject,
    row.reason,
    row.detail,
    row.previousHash === null ? null : Buffer.from(row.previousHash).toString('hex'),
  ];
  return createHash('sha256').update(JSON.stringify(columns)).digest();
}
