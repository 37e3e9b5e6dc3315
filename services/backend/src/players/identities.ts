import type { IdentitySummary, LoggedIn, Refusal, SessionInfo } from '@lifeverse/contracts';
import type { Database, Sql } from '@lifeverse/node-kit';
import { refuseStale } from './fresh-log-in.ts';
import { heldPlayer, loggedIn, renewed } from './held-player.ts';
import { orRefusal, Refused } from './refused.ts';
import type { Sessions } from './sessions.ts';

const PER_PLAYER = 8;

/** Throws when the player, who is held, has no room for another one of this kind: one address, and eight in all. */
export async function refuseMoreOf(sql: Sql, player: string, kind: 'email' | 'oidc'): Promise<void> {
  const [row] = await sql.query<{ all: bigint; emails: bigint }>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE kind = 'email') AS emails FROM identities WHERE player = $1`,
    [player],
  );
  if (row === undefined || row.all >= PER_PLAYER || (kind === 'email' && row.emails > 0))
    throw new Refused('identity_too_many');
}

/** What somebody proved to a provider. */
export interface Proof {
  readonly issuer: string;
  readonly subject: string;
}

/** The ways in which one player can log in. */
export class Identities {
  readonly #database: Database;
  readonly #sessions: Sessions;
  readonly #nameOf: (issuer: string) => string;

  /** `nameOf`: what a provider is called. */
  constructor(options: { database: Database; sessions: Sessions; nameOf: (issuer: string) => string }) {
    this.#database = options.database;
    this.#sessions = options.sessions;
    this.#nameOf = options.nameOf;
  }

  async list(player: string): Promise<IdentitySummary[]> {
    const rows = await this.#database.query<{ id: bigint; kind: 'email' | 'oidc'; label: string; created: Date }>(
      `SELECT id, kind, CASE kind WHEN 'email' THEN subject ELSE issuer END AS label, created_at AS created
       FROM identities WHERE player = $1 ORDER BY id`,
      [player],
    );
    return rows.map(({ id, kind, label, created }) => ({
      id: String(id),
      kind,
      label: kind === 'oidc' ? this.#nameOf(label) : label,
      createdAt: created.toISOString(),
    }));
  }

  /** Refuses `identity_taken` when it is another player's; linking what is linked changes nothing but the token. */
  link(proof: Proof, info: SessionInfo): Promise<LoggedIn | Refusal> {
    return this.#changed(info, async (sql) => {
      const held = await heldPlayer(sql, info);
      const owner = await ownerOf(sql, proof);
      if (owner === undefined) {
        await refuseMoreOf(sql, held.player, 'oidc');
        if (!(await linkTo(sql, held.player, proof))) throw new Refused('identity_taken');
      } else if (owner.player !== held.player) throw new Refused('identity_taken');
      return loggedIn(held, await renewed(sql, this.#sessions, info));
    });
  }

  /**
   * `login_stale` to whom has not just logged in. The last one stays: without it nobody could come back. All other
   * sessions of the player end, since they may have come by what is unlinked; this one goes on with another token.
   */
  unlink(id: string, info: SessionInfo): Promise<LoggedIn | Refusal> {
    return this.#changed(info, async (sql) => {
      const held = await heldPlayer(sql, info);
      await refuseStale(sql, info);
      const rows = await sql.query<{ id: bigint }>('SELECT id FROM identities WHERE player = $1', [held.player]);
      if (!rows.some((row) => String(row.id) === id)) throw new Refused('identity_unknown');
      if (rows.length === 1) throw new Refused('identity_last');
      await sql.query('DELETE FROM identities WHERE id = $1', [BigInt(id)]);
      await this.#sessions.endOthers(sql, held.player, info.session);
      return loggedIn(held, await renewed(sql, this.#sessions, info));
    });
  }

  #changed(info: SessionInfo, work: (sql: Sql) => Promise<LoggedIn>): Promise<LoggedIn | Refusal> {
    return orRefusal(async () => {
      const answer = await this.#database.transaction(work);
      this.#sessions.forget(info.player);
      return answer;
    });
  }
}

/** False when somebody else was faster. */
export async function linkTo(sql: Sql, player: string, { issuer, subject }: Proof): Promise<boolean> {
  const made = await sql.query(
    `INSERT INTO identities (player, kind, issuer, subject) VALUES ($1, 'oidc', $2, $3)
     ON CONFLICT DO NOTHING RETURNING id`,
    [player, issuer, subject],
  );
  return made.length > 0;
}

/** Holds the identity until the transaction ends: whoever takes it away ends what was opened by it too. */
export async function ownerOf(
  sql: Sql,
  { issuer, subject }: Proof,
): Promise<{ player: string; name: string; suspended: boolean } | undefined> {
  const [owner] = await sql.query<{ player: string; name: string; suspended: boolean }>(
    `SELECT i.player, p.name, coalesce(p.suspended_until > now(), false) AS suspended
     FROM identities i JOIN players p ON p.id = i.player
     WHERE i.kind = 'oidc' AND i.issuer = $1 AND i.subject = $2 FOR SHARE OF i`,
    [issuer, subject],
  );
  return owner;
}
