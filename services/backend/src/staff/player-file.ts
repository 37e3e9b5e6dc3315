import type { Sql } from '@lifeverse/node-kit';
import { type CharacterPresence, presenceOfPlayer } from '../presence/presence-query.ts';
import type { FoundPlayer } from './find-players.ts';

/** What staff see of one player. */
export interface PlayerFile extends FoundPlayer {
  readonly roles: readonly string[];
  readonly suspendedWhy: string | null;
  readonly characters: readonly (CharacterPresence & { readonly frozenWhy: string | null })[];
  readonly sessions: readonly {
    readonly id: string;
    readonly platform: string;
    readonly createdAt: Date;
    readonly usedAt: Date;
  }[];
  /** `label`: the address or the issuer; null for whom it does not concern. */
  readonly identities: readonly { readonly kind: string; readonly label: string | null; readonly createdAt: Date }[];
}

type PlayerRow = Omit<PlayerFile, 'characters' | 'sessions' | 'identities'>;

/** Undefined when there is no such player. `withAddresses`: whoever reads it may see e-mail addresses. */
export async function playerFile(
  sql: Sql,
  player: string,
  { withAddresses }: { readonly withAddresses: boolean },
): Promise<PlayerFile | undefined> {
  const [row] = await sql.query<PlayerRow>(
    `SELECT id AS player, name, roles, created_at AS "createdAt", suspended_why AS "suspendedWhy",
       CASE WHEN suspended_until > now() THEN suspended_until END AS "suspendedUntil",
       CASE WHEN muted_until > now() THEN muted_until END AS "mutedUntil"
     FROM players WHERE id = $1`,
    [player],
  );
  if (row === undefined) return undefined;
  const characters = await presenceOfPlayer(sql, player);
  const frozen = await sql.query<{ id: string; why: string }>(
    'SELECT id, frozen_why AS why FROM characters WHERE player = $1 AND frozen_why IS NOT NULL',
    [player],
  );
  const frozenWhy = new Map(frozen.map(({ id, why }) => [id, why]));
  const sessions = await sql.query<PlayerFile['sessions'][number]>(
    `SELECT id, platform, created_at AS "createdAt", used_at AS "usedAt" FROM sessions
     WHERE player = $1 AND revoked_at IS NULL AND expires_at > now() ORDER BY used_at DESC, id`,
    [player],
  );
  const identities = await sql.query<PlayerFile['identities'][number]>(
    `SELECT kind, CASE WHEN kind = 'oidc' THEN issuer WHEN $2 THEN subject END AS label, created_at AS "createdAt"
     FROM identities WHERE player = $1 ORDER BY id`,
    [player, withAddresses],
  );
  return {
    ...row,
    characters: characters.map((each) => ({ ...each, frozenWhy: frozenWhy.get(each.character) ?? null })),
    sessions,
    identities,
  };
}
