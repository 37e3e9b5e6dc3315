import { createHmac, timingSafeEqual } from 'node:crypto';
import { ByteReader, ByteWriter, type ErrorCode, limits } from '@lifeverse/protocol';

/** What the backend vouches for when a player joins. */
export interface TicketClaims {
  readonly character: string;
  /** Rises with every ticket of the character. */
  readonly incarnation: number;
  readonly name: string;
  /** Id of the session by which the player is logged in, not its token: the connection ends with it. */
  readonly login: string;
  /** Server time; 0: may speak. */
  readonly mutedUntilMs: number;
  /** Whose the character is. */
  readonly player: string;
  /** What they logged in from; empty: unknown. */
  readonly platform: string;
  /** That the player belongs to, as toggles name them. */
  readonly cohorts: readonly string[];
  /** Server time. */
  readonly expiresMs: number;
}

const FORMAT = 3;
const SIGNATURE_BYTES = 32;
const CHARACTER_BYTES = 64;
const LOGIN_BYTES = 64;
const PLAYER_BYTES = 64;
const PLATFORM_BYTES = 32;
const COHORT_BYTES = 32;
const COHORTS_MAX = 16;

/** `key`: 32 secret bytes that the backend shares with gateways. Method: HMAC-SHA-256 over the claims. */
export function signTicket(key: Uint8Array, claims: TicketClaims): string {
  const out = new ByteWriter(160);
  out.u8(FORMAT);
  out.f64(claims.expiresMs);
  out.text(claims.character);
  out.varint(claims.incarnation);
  out.text(claims.name);
  out.text(claims.login);
  out.f64(claims.mutedUntilMs);
  out.text(claims.player);
  out.text(claims.platform);
  out.u8(claims.cohorts.length);
  for (const cohort of claims.cohorts) out.text(cohort);
  return Buffer.concat([out.view(), signature(key, out.view())]).toString('base64url');
}

function signature(key: Uint8Array, claims: Uint8Array): Buffer {
  return createHmac('sha256', key).update(claims).digest();
}

function readClaims(bytes: Uint8Array): TicketClaims | undefined {
  const from = new ByteReader(bytes);
  const format = from.u8();
  const claims = {
    expiresMs: from.f64(),
    character: from.text(CHARACTER_BYTES),
    incarnation: from.varint(),
    name: from.text(limits.nameBytes),
    login: from.text(LOGIN_BYTES),
    mutedUntilMs: from.f64(),
    player: from.text(PLAYER_BYTES),
    platform: from.text(PLATFORM_BYTES),
    cohorts: Array.from({ length: Math.min(from.u8(), COHORTS_MAX) }, () => from.text(COHORT_BYTES)),
  };
  return format !== FORMAT || from.failed || from.left > 0 ? undefined : claims;
}

/**
 * Lets each ticket in once. A ticket is known by its character and incarnation, so that a newer one also voids all
 * older ones; both are remembered until the ticket would have expired anyway, at most `capacity` of them.
 */
export class TicketDoor {
  readonly #key: Uint8Array;
  readonly #capacity: number;
  readonly #redeemed = new Map<string, { readonly incarnation: number; readonly expiresMs: number }>();

  constructor(key: Uint8Array, capacity = 100_000) {
    this.#key = key;
    this.#capacity = capacity;
  }

  redeem(ticket: string, nowMs: number): TicketClaims | ErrorCode {
    const bytes = Buffer.from(ticket.slice(0, limits.ticketChars + 1), 'base64url');
    if (ticket.length > limits.ticketChars || bytes.length <= SIGNATURE_BYTES) return 'ticket_invalid';
    const signed = bytes.subarray(0, -SIGNATURE_BYTES);
    if (!timingSafeEqual(signature(this.#key, signed), bytes.subarray(-SIGNATURE_BYTES))) return 'ticket_invalid';
    const claims = readClaims(signed);
    if (claims === undefined) return 'ticket_invalid';
    if (claims.expiresMs <= nowMs) return 'ticket_expired';
    return this.#remember(claims, nowMs) ?? claims;
  }

  #remember(claims: TicketClaims, nowMs: number): ErrorCode | undefined {
    for (const [character, { expiresMs }] of this.#redeemed) {
      if (expiresMs > nowMs) break;
      this.#redeemed.delete(character);
    }
    const last = this.#redeemed.get(claims.character);
    if (last !== undefined && last.incarnation >= claims.incarnation) return 'ticket_used';
    if (last === undefined && this.#redeemed.size >= this.#capacity) return 'world_full';
    this.#redeemed.delete(claims.character);
    this.#redeemed.set(claims.character, { incarnation: claims.incarnation, expiresMs: claims.expiresMs });
    return undefined;
  }
}
