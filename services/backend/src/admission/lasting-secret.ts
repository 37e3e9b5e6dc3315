import { randomBytes } from 'node:crypto';
import type { Sql } from '@lifeverse/node-kit';

const BYTES = 32;

/** 32 secret bytes of that name, drawn once for a database: what is signed with them is good after a restart too. */
export async function lastingSecret(sql: Sql, name: string): Promise<Uint8Array> {
  await sql.query('INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    name,
    new Uint8Array(randomBytes(BYTES)),
  ]);
  const [row] = await sql.query<{ value: Uint8Array }>('SELECT value FROM secrets WHERE name = $1', [name]);
  if (row === undefined) throw new Error(`the secret ${name} was not kept`);
  return new Uint8Array(row.value);
}
