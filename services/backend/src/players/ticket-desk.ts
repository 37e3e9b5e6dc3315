import type { Clock } from '@lifeverse/base';
import type { Refusal, TicketGrant } from '@lifeverse/contracts';
import { type Database, signTicket } from '@lifeverse/node-kit';
import { type KnownPlayer, toggleAudience } from '../toggles/toggle-audience.ts';
import { orRefusal, Refused } from './refused.ts';
import { hashOfToken } from './session-token.ts';
import { mutedUntil } from './standing.ts';

/** As long as a client may take from the ticket to the gateway. */
const TICKET_MS = 30_000;

interface Attached extends KnownPlayer {
  readonly session: string;
  readonly suspended: boolean;
  readonly mutedMs: number | null;
  readonly character: string | null;
  readonly incarnation: bigint | null;
  readonly name: string | null;
  readonly frozen: boolean;
  readonly zone: bigint | null;
}

/** Tickets by which gateways let players in: signed, good once and for 30 s, the newest of a character only. */
export class TicketDesk {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #key: Uint8Array;

  /** `ticketKey`: 32 secret bytes shared with the gateways. `clock`: the one that gateways hold tickets against. */
  constructor(options: { database: Database; clock: Clock; ticketKey: Uint8Array }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#key = options.ticketKey;
  }

  /**
   * For the player's first character. Asks the database, never a cache: an ended session or a suspended player gets none.
   * `name`, as `playerName` answers it, is from now on the player's and the character's.
   */
  grant(token: string, name: string | null): Promise<TicketGrant | Refusal> {
    return orRefusal(async () => {
      const hash = hashOfToken(token);
      const found = hash === undefined ? undefined : await this.#attach(hash, name);
      if (found === undefined) throw new Refused('session_unknown');
      if (found.suspended) throw new Refused('player_suspended');
      if (found.character === null || found.name === null) throw new Refused('character_frozen');
      const nowMs = this.#clock.nowMs();
      const ticket = signTicket(this.#key, {
        character: found.character,
        incarnation: Number(found.incarnation),
        name: found.name,
        login: found.session,
        mutedUntilMs: mutedUntil(found.mutedMs ?? 0, nowMs),
        player: found.player,
        platform: found.platform,
        cohorts: toggleAudience(found).cohort,
        expiresMs: nowMs + TICKET_MS,
      });
      const zone = Number(found.zone ?? 0);
      return { ticket, session: token, name: found.name, expiresInMs: TICKET_MS, zone };
    });
  }

  async #attach(hash: Buffer, name: string | null): Promise<Attached | undefined> {
    const [attached] = await this.#database.query<Attached>(
      `WITH who AS (
         SELECT s.id AS session, s.player, s.platform, p.roles, coalesce(p.suspended_until > now(), false) AS suspended,
           extract(epoch FROM p.muted_until - now())::float8 * 1000 AS "mutedMs"
         FROM sessions s JOIN players p ON p.id = s.player
         WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now()),
       named AS (
         UPDATE players p SET name = $2 FROM who WHERE p.id = who.player AND NOT suspended AND $2::text IS NOT NULL
           AND p.name <> $2),
       attached AS (
         UPDATE characters c SET incarnation = incarnation + 1, name = coalesce($2, c.name) FROM who
         WHERE NOT suspended AND c.frozen_why IS NULL AND c.id = (
           SELECT id FROM characters WHERE player = who.player ORDER BY created_at, id LIMIT 1)
         RETURNING c.id, c.incarnation, c.name)
       SELECT who.session, who.player, who.platform, who.roles, who.suspended, who."mutedMs",
         EXISTS (SELECT FROM identities i WHERE i.player = who.player) AS account,
         attached.id AS character, attached.incarnation, attached.name, k.zone
       FROM who LEFT JOIN attached ON true LEFT JOIN checkpoints k ON k.character = attached.id`,
      [hash, name],
    );
    return attached;
  }
}
