import { randomUUID } from 'node:crypto';
import type { Clock } from '@lifeverse/base';
import type { SessionChange, SessionInfo, SessionSummary } from '@lifeverse/contracts';
import type { Database, Sql, SqlValue } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import { SessionCache } from './session-cache.ts';
import { hashOfToken, newToken } from './session-token.ts';
import { SessionWatch } from './session-watch.ts';

export interface SessionLimits {
  /** A session that nobody uses ends after so long; of a player with an account, */
  readonly accountMs: number;
  /** of a guest, for whom it is the only way back, */
  readonly guestMs: number;
  /** and of whoever has a role: that long after it began, used or not. */
  readonly staffMs: number;
  /** Of one player; one more ends the one that was unused for longest. */
  readonly perPlayer: number;
  /** How long an answer is remembered, at most, should an ending not be heard of. */
  readonly cacheMs: number;
}

export interface NewSession {
  readonly token: string;
  readonly expiresInMs: number;
}

interface Verified {
  readonly session: string;
  readonly player: string;
  readonly name: string;
  readonly roles: string[];
  readonly suspended: boolean;
  readonly mutedUntil: Date | null;
  readonly leftMs: number;
  readonly unused: boolean;
}

const OPEN = 'revoked_at IS NULL AND expires_at > now()';
/** Of the player `s.player`, with the limits as $1 to $3. */
const LIFE = 'session_life(s.player, $1, $2, $3)';
const LEFT_MS = 'extract(epoch FROM expires_at - now())::float8 * 1000 AS "leftMs"';

/** Who is logged in where. A token is known by its hash only; what is over is over everywhere at once. */
export class Sessions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #cache: SessionCache;
  readonly #watch: SessionWatch;
  readonly #listeners = new Set<(change: SessionChange) => void>();
  readonly #awaiting = new Set<() => void>();

  constructor(options: { database: Database; clock: Clock; limits: SessionLimits }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#cache = new SessionCache();
    this.#watch = new SessionWatch(options.database, {
      changed: (change) => {
        this.#cache.forget(change);
        for (const listener of this.#listeners) listener(change);
      },
      listening: () => {
        this.#cache.open();
        for (const listener of this.#awaiting) listener();
      },
      deaf: () => this.#cache.shut(),
    });
  }

  start(): Promise<void> {
    return this.#watch.start();
  }

  close(): void {
    this.#watch.close();
    this.#cache.shut();
  }

  /** Told of every session that is over and of every player that changed, in this process or another. Call the answer to stop. */
  onChange(listener: (change: SessionChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told when changes are heard from now on: some before may not have been. Call the answer to stop. */
  onListening(listener: () => void): () => void {
    this.#awaiting.add(listener);
    return () => this.#awaiting.delete(listener);
  }

  /**
   * Whose token it is. Answers `session_unknown`, or `player_suspended`. An answer may be older than the end of its
   * session by the time that a notification takes, and never by more than `cacheMs`.
   */
  async verify(token: string): Promise<SessionInfo | ErrorCode> {
    const hash = hashOfToken(token);
    if (hash === undefined) return 'session_unknown';
    const key = hash.toString('base64');
    const askedMs = this.#clock.nowMs();
    const known = this.#cache.get(key, askedMs);
    if (known !== undefined) return known;
    const asked = this.#cache.moment;
    const [found] = await this.#database.query<Verified>(
      `SELECT s.id AS session, s.player, p.name, p.roles, coalesce(p.suspended_until > now(), false) AS suspended,
         CASE WHEN p.muted_until > now() THEN p.muted_until END AS "mutedUntil", ${LEFT_MS}, s.used_at < now() - interval '1 minute' AS unused
       FROM sessions s JOIN players p ON p.id = s.player WHERE s.token_hash = $1 AND ${OPEN}`,
      [hash],
    );
    if (found === undefined) return 'session_unknown';
    if (found.suspended) return 'player_suspended';
    if (found.unused) await this.#used(found.session);
    const { session, player, name, roles, mutedUntil, leftMs } = found;
    const info: SessionInfo = { session, player, name, roles, mutedUntilMs: mutedUntil?.getTime() ?? null };
    this.#cache.put(key, info, { asked, untilMs: askedMs + Math.min(leftMs, this.#limits.cacheMs) });
    return info;
  }

  /** Whoever has a role is not kept logged in by using it. */
  async #used(session: string): Promise<void> {
    await this.#database.query(
      `UPDATE sessions s SET used_at = now(), expires_at =
         CASE WHEN cardinality(p.roles) > 0 THEN expires_at ELSE greatest(expires_at, now() + ${LIFE}) END
       FROM players p WHERE p.id = s.player AND s.id = $4 AND ${OPEN}`,
      [...this.#lives(), session],
    );
  }

  /** Of a player who has just shown who they are. `platform`: what the client says it runs on. */
  async create(sql: Sql, player: string, platform: string): Promise<NewSession> {
    const { token, values } = this.draw(platform);
    const [row] = await sql.query<{ leftMs: number }>(
      'SELECT open_session($1, $2, $3, $4, $5, $6, $7, $8) AS "leftMs"',
      [player, ...values],
    );
    return { token, expiresInMs: Math.floor(row?.leftMs ?? 0) };
  }

  /** A session to be opened in the database: its token, and what `open_session` is called with after the player. */
  draw(platform: string): { readonly token: string; readonly values: readonly SqlValue[] } {
    const token = newToken();
    const hash = hashOfToken(token) as Buffer;
    return { token, values: [randomUUID(), hash, platform, this.#limits.perPlayer, ...this.#lives()] };
  }

  /** Another token for the same session: the old one is void. Undefined when the session is over. */
  async rotate(sql: Sql, session: string): Promise<NewSession | undefined> {
    const token = newToken();
    const [row] = await sql.query<{ leftMs: number }>(
      `UPDATE sessions s SET token_hash = $5, used_at = now(), expires_at = now() + ${LIFE}
       WHERE id = $4 AND ${OPEN} RETURNING ${LEFT_MS}`,
      [...this.#lives(), session, hashOfToken(token) as Buffer],
    );
    return row === undefined ? undefined : { token, expiresInMs: Math.floor(row.leftMs) };
  }

  /** The player's open sessions, the one used last first. */
  async list({ player, session }: SessionInfo): Promise<SessionSummary[]> {
    const rows = await this.#database.query<{ id: string; platform: string; created: Date; used: Date; expires: Date }>(
      `SELECT id, platform, created_at AS created, used_at AS used, expires_at AS expires
       FROM sessions WHERE player = $1 AND ${OPEN} ORDER BY used_at DESC, id`,
      [player],
    );
    return rows.map(({ id, platform, created, used, expires }) => ({
      id,
      platform,
      createdAt: created.toISOString(),
      usedAt: used.toISOString(),
      expiresAt: expires.toISOString(),
      current: id === session,
    }));
  }

  /** False when the player has no such session that is open. When this resolves, the database refuses it. */
  async end(player: string, session: string): Promise<boolean> {
    const ended = await this.#database.query(
      `UPDATE sessions SET revoked_at = now() WHERE id = $1 AND player = $2 AND ${OPEN} RETURNING id`,
      [session, player],
    );
    this.forget(player);
    return ended.length > 0;
  }

  /** Of what this process changed itself, it need not wait to hear. Called after the commit. */
  forget(player: string): void {
    this.#cache.forget({ player });
  }

  /** All of a player's but one, or all. */
  async endOthers(sql: Sql, player: string, except: string | null): Promise<void> {
    await sql.query(
      `UPDATE sessions SET revoked_at = now() WHERE player = $1 AND id IS DISTINCT FROM $2::uuid AND revoked_at IS NULL`,
      [player, except],
    );
  }

  /** Removes what is over for a month. */
  async sweep(): Promise<void> {
    await this.#database.query(
      `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE expires_at < now() - interval '30 days'
           OR revoked_at < now() - interval '30 days' LIMIT 10000)`,
    );
  }

  #lives(): number[] {
    return [this.#limits.staffMs, this.#limits.accountMs, this.#limits.guestMs];
  }
}
