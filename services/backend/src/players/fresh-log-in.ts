import type { SessionInfo } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';
import { Refused } from './refused.ts';

/** Who has just logged in need not show again who they are. */
const FRESH_MINUTES = 10;

/**
 * Throws `login_stale` unless whoever holds this session may change in which ways the player can log in: it began a
 * moment ago, or there is no way yet, so that the session is all that there is to show. A session that was found or taken
 * over is older, and must not become a way back in that stays.
 */
export async function refuseStale(sql: Sql, { session, player }: SessionInfo): Promise<void> {
  const fresh = await sql.query(
    `SELECT FROM sessions s WHERE s.id = $1 AND (s.created_at > now() - ${FRESH_MINUTES} * interval '1 minute'
       OR NOT EXISTS (SELECT FROM identities WHERE player = $2))`,
    [session, player],
  );
  if (fresh.length === 0) throw new Refused('login_stale');
}
