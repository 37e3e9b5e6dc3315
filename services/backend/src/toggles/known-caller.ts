import type { ToggleContext } from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable } from '@lifeverse/node-kit';
import type { FastifyRequest } from 'fastify';
import type { Callers } from '../http/callers.ts';
import type { Sessions } from '../players/sessions.ts';

export interface KnownCallerDeps {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly callers: Callers;
}

/** In no cohort: nobody gets into one by saying so. */
const nobody: ToggleContext = { cohort: [] };

/**
 * What toggles are told of who asks, by their session: whose it is, what they logged in with, and the cohorts `guest` or
 * `account`, `staff`, and each role. While the database is gone everybody is nobody in particular.
 */
export function knownCaller({ database, sessions, callers }: KnownCallerDeps) {
  return async (request: FastifyRequest): Promise<ToggleContext> => {
    const { token } = callers.caller(request);
    if (token === null) return nobody;
    try {
      const info = await sessions.verify(token);
      if (typeof info === 'string') return nobody;
      const { player, session, roles } = info;
      const [found] = await database.query<{ platform: string; account: boolean }>(
        `SELECT platform, EXISTS (SELECT FROM identities WHERE player = $2) AS account FROM sessions WHERE id = $1`,
        [session, player],
      );
      if (found === undefined) return nobody;
      const { account, platform } = found;
      const cohort = [account ? 'account' : 'guest', ...(roles.length > 0 ? ['staff', ...roles] : [])];
      return { targetingKey: player, cohort, ...(platform === '' ? {} : { platform }) };
    } catch (error) {
      if (error instanceof DatabaseUnreachable) return nobody;
      throw error;
    }
  };
}
