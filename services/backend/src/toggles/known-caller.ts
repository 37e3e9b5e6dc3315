import type { ToggleContext } from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable } from '@lifeverse/node-kit';
import type { FastifyRequest } from 'fastify';
import type { Callers } from '../http/callers.ts';
import type { Sessions } from '../players/sessions.ts';
import { toggleAudience } from './toggle-audience.ts';

export interface KnownCallerDeps {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly callers: Callers;
  /** Where this server stands; null: nobody said. */
  readonly region: string | null;
}

/**
 * What toggles are told of who asks, by their session; as gateways are told by tickets. While the database is gone
 * everybody is nobody in particular.
 */
export function knownCaller({ database, sessions, callers, region }: KnownCallerDeps) {
  const here = region === null ? {} : { region };
  // In no cohort: nobody gets into one by saying so.
  const nobody: ToggleContext = { ...here, cohort: [] };
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
      return { ...here, ...toggleAudience({ player, roles, ...found }) };
    } catch (error) {
      if (error instanceof DatabaseUnreachable) return nobody;
      throw error;
    }
  };
}
