import type { PresenceState } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';

/** An owner of a zone who has said nothing for so long is there no more, and nobody is online through it. */
export const PRESENCE_LEASE_S = 15;

export interface CharacterPresence {
  readonly character: string;
  readonly name: string;
  /** `away`: the connection was lost, the avatar stands there still. */
  readonly state: PresenceState;
  /** Since when it is so; of somebody whose server crashed, when that was last heard of. Null: never in the world. */
  readonly since: Date | null;
  /** Where; null while offline. */
  readonly zone: number | null;
  /** Metres, where the character was last saved: at most 5 s ago while online. Null: never. */
  readonly position: { readonly x: number; readonly y: number } | null;
  /** A save was refused, and nobody plays on until that is lifted. */
  readonly frozen: boolean;
}

interface Row {
  readonly character: string;
  readonly name: string;
  readonly state: PresenceState;
  readonly since: Date | null;
  readonly zone: bigint | null;
  readonly x_mm: number | null;
  readonly y_mm: number | null;
  readonly frozen: boolean;
}

const PRESENCE = `
  SELECT c.id AS character, c.name,
    CASE WHEN alive THEN p.state ELSE 'offline' END AS state,
    CASE WHEN alive OR p.state = 'offline' THEN p.since
         WHEN l.epoch = p.epoch THEN greatest(p.since, l.said_at) ELSE p.since END AS since,
    CASE WHEN alive AND p.state <> 'offline' THEN p.zone END AS zone, k.x_mm, k.y_mm,
    c.frozen_at IS NOT NULL AS frozen
  FROM characters c
    LEFT JOIN presence p ON p.character = c.id
    LEFT JOIN presence_leases l ON l.zone = p.zone
    LEFT JOIN zone_epochs z ON z.zone = p.zone
    LEFT JOIN checkpoints k ON k.character = c.id
    CROSS JOIN LATERAL (SELECT coalesce(p.epoch = z.epoch AND p.epoch = l.epoch
      AND l.said_at > now() - make_interval(secs => ${PRESENCE_LEASE_S}), false) AS alive) t`;

/** Of all characters of a player, the oldest first. */
export async function presenceOfPlayer(sql: Sql, player: string): Promise<CharacterPresence[]> {
  return (await sql.query<Row>(`${PRESENCE} WHERE c.player = $1 ORDER BY c.created_at, c.id LIMIT 100`, [player])).map(
    presenceOf,
  );
}

/** Undefined when there is no such character. */
export async function presenceOfCharacter(sql: Sql, character: string): Promise<CharacterPresence | undefined> {
  return (await sql.query<Row>(`${PRESENCE} WHERE c.id = $1`, [character])).map(presenceOf)[0];
}

function presenceOf({ character, name, state, since, zone, x_mm, y_mm, frozen }: Row): CharacterPresence {
  return {
    character,
    name,
    state,
    since,
    zone: zone === null ? null : Number(zone),
    position: x_mm === null || y_mm === null ? null : { x: x_mm / 1_000, y: y_mm / 1_000 },
    frozen,
  };
}
