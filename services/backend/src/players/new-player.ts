import { randomUUID } from 'node:crypto';
import type { Sql } from '@lifeverse/node-kit';

export interface NewPlayer {
  readonly player: string;
  readonly character: string;
  readonly name: string;
}

/** A player with their first character; `name` as `playerName` answers it. */
export async function newPlayer(sql: Sql, name: string): Promise<NewPlayer> {
  const made = { player: randomUUID(), character: randomUUID(), name };
  await sql.query(
    `WITH made AS (INSERT INTO players (id, name) VALUES ($1, $3) RETURNING id)
     INSERT INTO characters (id, player, name) SELECT $2, id, $3 FROM made`,
    [made.player, made.character, name],
  );
  return made;
}
