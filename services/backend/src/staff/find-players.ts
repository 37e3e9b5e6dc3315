import type { Sql } from '@lifeverse/node-kit';
import { emailAddress } from '../players/email-address.ts';

export interface FoundPlayer {
  readonly player: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly suspendedUntil: Date | null;
  readonly mutedUntil: Date | null;
}

const MOST = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COLUMNS = `p.id AS player, p.name, p.created_at AS "createdAt",
  CASE WHEN p.suspended_until > now() THEN p.suspended_until END AS "suspendedUntil",
  CASE WHEN p.muted_until > now() THEN p.muted_until END AS "mutedUntil"`;

/** Whether somebody looks for an e-mail address: not everyone may. */
export function isAddress(words: string): boolean {
  return words.includes('@');
}

/**
 * Players by what somebody knows of them: an id of player or character, the whole of an e-mail address, or a name, as it
 * is or a part of it, large and small letters alike. The nearest first, 50 at most.
 */
export function findPlayers(sql: Sql, words: string): Promise<FoundPlayer[]> {
  if (isAddress(words)) return byAddress(sql, words);
  if (UUID.test(words)) return byId(sql, words);
  const name = words.trim().normalize('NFC').toLowerCase();
  const part = name.replace(/[\\%_]/g, '\\$&');
  return sql.query<FoundPlayer>(
    `SELECT ${COLUMNS} FROM players p WHERE lower(p.name) LIKE '%' || $2 || '%'
     ORDER BY lower(p.name) = $1 DESC, lower(p.name) LIKE $2 || '%' DESC, p.name, p.id LIMIT ${MOST}`,
    [name, part],
  );
}

function byId(sql: Sql, id: string): Promise<FoundPlayer[]> {
  return sql.query<FoundPlayer>(
    `SELECT ${COLUMNS} FROM players p
     WHERE p.id = $1::uuid OR p.id = (SELECT player FROM characters WHERE id = $1::uuid)`,
    [id.toLowerCase()],
  );
}

async function byAddress(sql: Sql, words: string): Promise<FoundPlayer[]> {
  const address = emailAddress(words);
  if (address === undefined) return [];
  return sql.query<FoundPlayer>(
    `SELECT ${COLUMNS} FROM players p WHERE p.id IN (SELECT player FROM identities WHERE kind = 'email' AND subject = $1)
     ORDER BY p.name, p.id LIMIT ${MOST}`,
    [address],
  );
}
