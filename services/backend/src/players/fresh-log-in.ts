import type { SessionInfo } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';

/** Who has just logged in need not show again who they are. */
const FRESH_MINUTES = 10;

/**
 * Whether whoever holds this session may add a way to log in without a password: it began a moment ago, or the player has
 * no way to log in yet, so that the session is all that there is to show. A session that was found or taken over is older,
 * and must not become a way back in that stays.
 */
export async function isFresh(database: Database, { session, player }: SessionInfo): Promise<boolean> {
  const fresh = await database.query(
    `SELECT FROM sessions s WHERE s.id = $1 AND (s.created_at > now() - ${FRESH_MINUTES} * interval '1 minute'
       OR NOT EXISTS (SELECT FROM identities WHERE player = $2))`,
    [session, player],
  );
  return fresh.length > 0;
}
