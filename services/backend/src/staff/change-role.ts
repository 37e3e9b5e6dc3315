import type { Role } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { recordAct } from '../audit/record-act.ts';

export interface RoleChange {
  readonly player: string;
  readonly role: Role;
  readonly change: 'grant' | 'revoke';
  /** As in the audit. */
  readonly actor: string;
  readonly reason: string;
}

/** Gives a player a role or takes it away, and says so in the audit. Returns the roles that they have then. */
export function changeRole(database: Database, { player, role, change, actor, reason }: RoleChange): Promise<string[]> {
  return database.transaction(async (sql) => {
    const [changed] = await sql.query<{ roles: string[] }>(
      `UPDATE players SET roles = array_remove(roles, $2) || CASE WHEN $3 THEN ARRAY[$2] ELSE '{}' END
       WHERE id::text = $1 RETURNING roles`,
      [player.toLowerCase(), role, change === 'grant'],
    );
    if (changed === undefined) throw new LifeverseError('player_unknown');
    await recordAct(sql, { actor, act: `role.${change}`, subject: `player:${player}`, reason, detail: { role } });
    return changed.roles;
  });
}
