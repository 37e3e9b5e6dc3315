import type { Database } from '@lifeverse/node-kit';
import { hashOfToken } from '../players/session-token.ts';

/** Who is behind a session, as far as admission cares. */
export interface KnownVisitor {
  /** The one that they play; null when they have none. */
  readonly character: string | null;
  /** In the world a moment ago, or when it was last heard of. */
  readonly lately: boolean;
}

interface Row {
  readonly token_hash: Buffer;
  readonly character: string | null;
  readonly lately: boolean;
}

interface Wanted {
  readonly hash: Buffer;
  readonly resolve: (found: KnownVisitor | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 512;
/** Who left the world longer ago than this is no one who comes back. */
const LATELY_S = 600;

// Not offline: the world ended under them, by a crash or a restart, whenever that was.
const FIND = `
  SELECT s.token_hash, c.id AS character,
    coalesce(p.state <> 'offline' OR p.since > now() - make_interval(secs => ${LATELY_S}), false) AS lately
  FROM sessions s
    LEFT JOIN LATERAL (SELECT id FROM characters WHERE player = s.player ORDER BY created_at, id LIMIT 1) c ON true
    LEFT JOIN presence p ON p.character = c.id
  WHERE s.token_hash = ANY ($1::bytea[]) AND s.revoked_at IS NULL AND s.expires_at > now()`;

/**
 * Who is who, for many who come at once: what was asked for while the last question was on its way is the next question,
 * so that a storm takes one connection.
 */
export class Visitors {
  readonly #database: Database;
  #wanted: Wanted[] = [];
  #asking = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined when there is no such session. Rejects with DatabaseUnreachable. */
  find(token: string): Promise<KnownVisitor | undefined> {
    const hash = hashOfToken(token);
    if (hash === undefined) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#wanted.push({ hash, resolve, reject });
      if (!this.#asking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#asking = true;
    while (this.#wanted.length > 0) {
      const batch = this.#wanted.splice(0, MOST_AT_ONCE);
      try {
        const rows = await this.#database.query<Row>(FIND, [batch.map(({ hash }) => hash)]);
        const found = new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
        for (const { hash, resolve } of batch) resolve(found.get(hash.toString('hex')));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#asking = false;
  }
}
