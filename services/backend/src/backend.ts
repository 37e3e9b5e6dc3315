import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@lifeverse/base';
import type { GuestDesk, TicketGrant } from '@lifeverse/contracts';
import { signTicket } from '@lifeverse/node-kit';
import type { ErrorCode } from '@lifeverse/protocol';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Character, CharacterStore } from './character-store.ts';
import { NameOffers } from './name-offers.ts';
import { playerName } from './player-name.ts';

const TICKET_MS = 30_000;
const SESSION_BYTES = 32;
/** 32 bytes in base64url. */
const SESSION_CHARS = 43;

const ticketRequest = Compile(
  Type.Object(
    {
      name: Type.Optional(Type.String({ maxLength: 256 })),
      session: Type.Optional(Type.String({ maxLength: 128 })),
    },
    { additionalProperties: false },
  ),
);

/** Guests: who they are, and tickets for them to join with. Sessions are kept as hashes only. */
export class Backend implements GuestDesk {
  readonly #clock: Clock;
  readonly #key: Uint8Array;
  readonly #characters: CharacterStore;
  readonly #names = new NameOffers();

  /** `ticketKey`: 32 secret bytes shared with the gateways. */
  constructor(options: { clock: Clock; ticketKey: Uint8Array; characters: CharacterStore }) {
    this.#clock = options.clock;
    this.#key = options.ticketKey;
    this.#characters = options.characters;
  }

  async offerName(): Promise<string> {
    return this.#names.next();
  }

  async grant(request: unknown): Promise<TicketGrant | ErrorCode> {
    if (!ticketRequest.Check(request)) return 'malformed_message';
    const name = request.name === undefined ? null : playerName(request.name);
    if (name === undefined) return 'name_invalid';
    return request.session === undefined
      ? this.#newcomer(name ?? this.#names.next())
      : this.#back(request.session, name);
  }

  async #newcomer(name: string): Promise<TicketGrant> {
    const session = randomBytes(SESSION_BYTES).toString('base64url');
    return this.#ticket(session, await this.#characters.create(hashOf(session), name));
  }

  async #back(session: string, name: string | null): Promise<TicketGrant | ErrorCode> {
    if (session.length !== SESSION_CHARS) return 'session_unknown';
    const character = await this.#characters.attach(hashOf(session), name);
    return character === undefined ? 'session_unknown' : this.#ticket(session, character);
  }

  #ticket(session: string, { id, name, incarnation }: Character): TicketGrant {
    const expiresMs = this.#clock.nowMs() + TICKET_MS;
    const ticket = signTicket(this.#key, { character: id, incarnation, name, expiresMs });
    return { ticket, session, name, expiresInMs: TICKET_MS };
  }
}

// The token is random and as long as the hash: no salt, no slow function is needed.
function hashOf(session: string): string {
  return createHash('sha256').update(session).digest('base64url');
}
