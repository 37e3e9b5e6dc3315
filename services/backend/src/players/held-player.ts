import type { LoggedIn, SessionInfo } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';
import { Refused } from './refused.ts';
import type { NewSession, Sessions } from './sessions.ts';

export interface Held {
  readonly player: string;
  readonly name: string;
}

/**
 * Whoever changes how a player proves to be that player holds the player's row first, so that such changes come one
 * after the other; and looks again whether the session is still open.
 */
export async function heldPlayer(sql: Sql, { player, session }: SessionInfo): Promise<Held> {
  const [held] = await sql.query<Held & { suspended: boolean }>(
    `SELECT id AS player, name, coalesce(suspended_until > now(), false) AS suspended
     FROM players WHERE id = $1 FOR UPDATE`,
    [player],
  );
  const open = await sql.query(
    'SELECT id FROM sessions WHERE id = $1 AND player = $2 AND revoked_at IS NULL AND expires_at > now() FOR UPDATE',
    [session, player],
  );
  if (held === undefined || open.length === 0) throw new Refused('session_unknown');
  if (held.suspended) throw new Refused('player_suspended');
  return held;
}

/** The session goes on with another token, after what it allows has changed. */
export async function renewed(sql: Sql, sessions: Sessions, { session }: SessionInfo): Promise<NewSession> {
  const next = await sessions.rotate(sql, session);
  if (next === undefined) throw new Refused('session_unknown');
  return next;
}

export function loggedIn({ player, name }: Held, { token, expiresInMs }: NewSession): LoggedIn {
  return { session: token, player, name, expiresInMs };
}
