import type { Role } from '@lifeverse/contracts';
import type { Database, Sql } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { recordAct } from '../audit/record-act.ts';
import type { Sessions } from '../players/sessions.ts';

/** Who does it, as the audit names them, and why, in their own words. */
export interface By {
  readonly actor: string;
  readonly reason: string;
  /** May act on players who have a role themselves. */
  readonly aboveStaff: boolean;
}

/** What staff do to players: each stands together with its line in the audit, or not at all. */
export class Sanctions {
  readonly #database: Database;
  readonly #sessions: Sessions;

  constructor(database: Database, sessions: Sessions) {
    this.#database = database;
    this.#sessions = sessions;
  }

  /** From now on for so many minutes; 0 lets the player speak again. */
  mute(player: string, minutes: number, by: By): Promise<void> {
    const act = minutes === 0 ? 'player.unmute' : 'player.mute';
    return this.#act(player, { act, detail: { minutes } }, by, (sql) =>
      sql.query(`UPDATE players SET muted_until = ${until('$2')} WHERE id = $1`, [player, minutes]),
    );
  }

  /** For so many minutes no session and no ticket is good; 0 lifts it. */
  suspend(player: string, minutes: number, by: By): Promise<void> {
    const act = minutes === 0 ? 'player.unsuspend' : 'player.suspend';
    return this.#act(player, { act, detail: { minutes } }, by, (sql) =>
      sql.query(`UPDATE players SET suspended_until = ${until('$2')}, suspended_why = $3 WHERE id = $1`, [
        player,
        minutes,
        minutes === 0 ? null : by.reason,
      ]),
    );
  }

  endSessions(player: string, by: By): Promise<void> {
    return this.#act(player, { act: 'player.end-sessions', detail: {} }, by, (sql) =>
      this.#sessions.endOthers(sql, player, null),
    );
  }

  /** The player has these roles from now on, and no others. */
  setRoles(player: string, roles: readonly Role[], by: By): Promise<void> {
    return this.#act(player, { act: 'player.set-roles', detail: { roles: [...roles] } }, by, (sql) =>
      sql.query('UPDATE players SET roles = $2 WHERE id = $1', [player, roles]),
    );
  }

  async #act(
    player: string,
    { act, detail }: { readonly act: string; readonly detail: NonNullable<Parameters<typeof recordAct>[1]['detail']> },
    { actor, reason, aboveStaff }: By,
    work: (sql: Sql) => Promise<unknown>,
  ): Promise<void> {
    await this.#database.transaction(async (sql) => {
      const [held] = await sql.query<{ staff: boolean }>(
        'SELECT cardinality(roles) > 0 AS staff FROM players WHERE id = $1 FOR UPDATE',
        [player],
      );
      if (held === undefined) throw new LifeverseError('player_unknown');
      if (held.staff && !aboveStaff) throw new LifeverseError('role_required');
      await work(sql);
      await recordAct(sql, { actor, act, subject: `player:${player}`, reason, detail });
    });
    this.#sessions.forget(player);
  }
}

function until(minutes: string): string {
  return `CASE WHEN ${minutes}::int > 0 THEN now() + ${minutes}::int * interval '1 minute' END`;
}
