import { type Database, DatabaseUnreachable } from '@lifeverse/node-kit';
import { recordAct } from '../audit/record-act.ts';

export interface FrozenCharacter {
  readonly character: string;
  readonly name: string;
  readonly why: string;
  readonly frozenAt: Date;
}

const MAX_WHY_CHARS = 500;

/**
 * Characters that nobody may play until it is clear what is kept of them. Those whose save was refused are marked in the
 * database, until somebody lifts it; those whose save has an unknown outcome are known here, until it is known.
 */
export class Freezer {
  readonly #database: Database;
  /** Why, by character; in the database as soon as it can be told. */
  readonly #refused = new Map<string, string>();
  readonly #unknown = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** True for what the database may not know. */
  holds(character: string): boolean {
    return this.#refused.has(character) || this.#unknown.has(character);
  }

  /** The save was refused for this reason. Held from now on, whatever comes of writing it down. */
  async refuse(character: string, why: string): Promise<void> {
    this.#refused.set(character, [...why].slice(0, MAX_WHY_CHARS).join(''));
    await this.settle();
  }

  unknown(characters: readonly string[]): void {
    for (const character of characters) this.#unknown.add(character);
  }

  known(characters: readonly string[]): void {
    for (const character of characters) this.#unknown.delete(character);
  }

  /** Writes down what could not be written before; false when the database cannot be reached. */
  async settle(): Promise<boolean> {
    for (const [character, why] of this.#refused) {
      try {
        await this.#database.query(
          `UPDATE characters SET frozen_why = $2, frozen_at = now() WHERE id = $1 AND frozen_why IS NULL`,
          [character, why],
        );
      } catch (error) {
        if (error instanceof DatabaseUnreachable) return false;
        throw error;
      }
      this.#refused.delete(character);
    }
    return true;
  }

  async list(): Promise<FrozenCharacter[]> {
    const rows = await this.#database.query<{ id: string; name: string; frozen_why: string; frozen_at: Date }>(
      'SELECT id, name, frozen_why, frozen_at FROM characters WHERE frozen_at IS NOT NULL ORDER BY frozen_at LIMIT 1000',
    );
    return rows.map((row) => ({ character: row.id, name: row.name, why: row.frozen_why, frozenAt: row.frozen_at }));
  }

  /**
   * Lets a character be played again, from what was last saved of it. `actor` as in the audit; false when it was not
   * frozen. What an unknown outcome holds is not lifted: it lifts itself.
   */
  async lift(character: string, by: { readonly actor: string; readonly reason: string }): Promise<boolean> {
    const lifted = await this.#database.transaction(async (sql) => {
      const rows = await sql.query<{ frozen_why: string }>(
        `UPDATE characters c SET frozen_why = NULL, frozen_at = NULL
         FROM (SELECT id, frozen_why FROM characters WHERE id = $1 AND frozen_why IS NOT NULL FOR UPDATE) was
         WHERE c.id = was.id RETURNING was.frozen_why`,
        [character],
      );
      const [was] = rows;
      if (was === undefined) return false;
      await recordAct(sql, {
        actor: by.actor,
        act: 'character.unfreeze',
        subject: `character:${character}`,
        reason: by.reason,
        detail: { why: was.frozen_why },
      });
      return true;
    });
    if (lifted) this.#refused.delete(character);
    return lifted;
  }
}
