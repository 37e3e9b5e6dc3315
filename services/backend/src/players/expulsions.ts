import { type Bus, encodeExpulsion, subjects } from '@lifeverse/contracts';
import type { Database, Log } from '@lifeverse/node-kit';
import type { Sessions } from './sessions.ts';

interface Standing {
  readonly characters: string[];
  readonly suspended: boolean;
  readonly open: boolean;
}

/**
 * Whoever is suspended, or has no session left, is sent out of the world wherever they play. What a gateway does not hear
 * is no gap: it holds until the connection ends, and no ticket follows. Returns what ends it.
 */
export function expelPlayers(parts: {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly bus: Bus;
  readonly log: Log;
}): () => void {
  const { database, sessions, bus, log } = parts;
  const look = async (player: string): Promise<void> => {
    const [standing] = await database.query<Standing>(
      `SELECT coalesce(p.suspended_until > now(), false) AS suspended,
         ARRAY(SELECT id::text FROM characters WHERE player = p.id) AS characters,
         EXISTS (SELECT FROM sessions WHERE player = p.id AND revoked_at IS NULL AND expires_at > now()) AS open
       FROM players p WHERE p.id = $1`,
      [player],
    );
    if (standing === undefined || (standing.open && !standing.suspended)) return;
    const code = standing.suspended ? 'player_suspended' : 'session_unknown';
    bus.publish(subjects.expulsion, encodeExpulsion({ characters: standing.characters, code }));
  };
  return sessions.onChange(({ player }) => {
    look(player).catch((error: unknown) => log.warn({ err: error }, 'nobody knows whether a player may go on'));
  });
}
