import { createHash, randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Refusal, TicketGrant } from '@lifeverse/contracts';
import { DatabaseUnreachable } from '@lifeverse/node-kit';
import { catalogue } from '@lifeverse/protocol';
import type { BackendFigures } from '../metrics/backend-figures.ts';
import { networkKey } from '../players/network-key.ts';
import { isRefusal } from '../players/refused.ts';
import { type Place, readPlace, writePlace } from './place.ts';
import type { Seats } from './seats.ts';
import type { KnownVisitor, Visitors } from './visitors.ts';
import { isWaiting, type Waiting } from './waiting.ts';
import { type Lane, PLACE_MS, type RoomAnswer, type Supply, type WaitingRoom } from './waiting-room.ts';

/** Who asks to come in. */
export interface Asking {
  /** The session's token that came along; null for somebody new. */
  readonly token: string | null;
  /** A place that they were given before. */
  readonly place: string | null;
  readonly peer: string;
  /** Limits of peers do not apply. The world's do. */
  readonly unlimited: boolean;
}

export interface AdmissionOptions {
  /** 32 secret bytes that outlive the process. */
  readonly key: Uint8Array;
  readonly room: WaitingRoom;
  readonly seats: Seats;
  readonly visitors: Pick<Visitors, 'find'>;
  /** As the toggles have it now. */
  readonly limits: () => Pick<Supply, 'capacity' | 'joinsPerS'>;
  /** Milliseconds since 1970, never going back while the process lives. */
  readonly wallMs: () => number;
  /** Told when nobody can be let in because the database is gone. Resolves when it is back. */
  readonly recovery: () => Promise<void>;
  readonly figures?: BackendFigures;
}

/** Gives the ticket, to a new guest for null. Rejects with DatabaseUnreachable. */
type Give = (token: string | null) => Promise<TicketGrant | Refusal>;

interface Guest {
  readonly subject: string;
  readonly lane: Lane;
  /** Null: not known yet, or there is none. */
  readonly character: string | null;
}

interface Used {
  readonly session: string;
  readonly untilMs: number;
}

/** An answer may be lost on its way: for so long the same one is let in again, by the seat that they have. */
const AGAIN_MS = 30_000;
const GUEST = 'guest ';

/** The gate before tickets: who may come in now, and who waits. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #known = new Map<string, KnownVisitor>();
  readonly #used = new Map<string, Used>();
  readonly #giving = new Map<string, Promise<TicketGrant | Refusal | Waiting>>();
  #open = true;
  #estimateMs = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    const { room, seats, limits } = options;
    options.figures?.gauges(() => ({
      room_waiting: room.waiting,
      room_estimate_ms: room.waiting === 0 ? 0 : this.#estimateMs,
      room_open: this.#open ? 1 : 0,
      room_seats: limits().capacity,
      room_seats_taken: seats.taken,
    }));
  }

  /** Answers what `give` gives, as soon as it is their turn; until then what to tell them. */
  async admit(asking: Asking, give: Give): Promise<TicketGrant | Refusal | Waiting> {
    const answer = await this.#admit(asking, give);
    if (isWaiting(answer)) this.#estimateMs = answer.estimateMs?.most ?? answer.estimateMs?.least ?? 0;
    else if (isRefusal(answer)) this.#options.figures?.count(`room_refused/${answer.refused}`);
    else this.#options.figures?.count('room_let_in');
    return answer;
  }

  async #admit(asking: Asking, give: Give): Promise<TicketGrant | Refusal | Waiting> {
    const held = this.#held(asking);
    if (typeof held === 'string') return { refused: held };
    const again = held === null ? undefined : this.#used.get(held.subject);
    if (again !== undefined && asking.token === null)
      return this.#admit({ ...asking, token: again.session, place: null }, give);
    const guest = await this.#guestOf(asking, held);
    if (isRefusal(guest)) return guest;
    // Asked twice at once: it is one turn.
    const giving = this.#giving.get(guest.subject);
    if (giving !== undefined) return giving;
    const answer = this.#ask(asking, guest, held);
    if (answer.kind !== 'come') return this.#told(guest, answer);
    const given = this.#give(asking, guest, give).finally(() => this.#giving.delete(guest.subject));
    this.#giving.set(guest.subject, given);
    return given;
  }

  /** Once a second or so. */
  tick(): void {
    const { room, seats, wallMs } = this.#options;
    const nowMs = wallMs();
    seats.tick(nowMs);
    for (const [subject, { untilMs }] of this.#used) {
      if (untilMs + PLACE_MS > nowMs) break;
      this.#used.delete(subject);
    }
    for (const subject of this.#known.keys()) if (!room.has(subject)) this.#known.delete(subject);
  }

  /** The place that came along; whose it is must fit who asks. */
  #held({ place, token }: Asking): Place | null | 'place_invalid' | 'place_expired' | 'place_used' {
    if (place === null) return null;
    const nowMs = this.#options.wallMs();
    const held = readPlace(this.#options.key, place, nowMs);
    if (held === 'place_expired') return held;
    if (typeof held === 'string') return 'place_invalid';
    if (token === null ? !held.subject.startsWith(GUEST) : held.subject !== subjectOf(token)) return 'place_invalid';
    const used = this.#used.get(held.subject);
    return used !== undefined && used.untilMs < nowMs ? 'place_used' : held;
  }

  async #guestOf({ token }: Asking, held: Place | null): Promise<Guest | Refusal> {
    if (token === null) return { subject: held?.subject ?? `${GUEST}${randomUUID()}`, lane: 'new', character: null };
    const subject = subjectOf(token);
    try {
      const known = this.#known.get(subject) ?? (await this.#options.visitors.find(token));
      if (known === undefined) return { refused: 'session_unknown' };
      this.#known.set(subject, known);
      return { subject, lane: this.#laneOf(known), character: known.character };
    } catch (error) {
      this.#unreachable(error);
      return { subject, lane: 'new', character: null };
    }
  }

  #laneOf({ character, lately }: KnownVisitor): Lane {
    if (character !== null && this.#options.seats.has(character)) return 'seated';
    return lately ? 'returning' : 'new';
  }

  #ask({ peer, unlimited }: Asking, { subject, lane }: Guest, held: Place | null): RoomAnswer {
    const { room, seats, limits, wallMs } = this.#options;
    const address = unlimited || isLocal(peer) ? null : networkKey(peer);
    const supply = { ...limits(), open: this.#open, taken: seats.taken };
    return room.ask({ subject, lane, address, since: held }, supply, wallMs());
  }

  async #give(asking: Asking, guest: Guest, give: Give): Promise<TicketGrant | Refusal | Waiting> {
    const { room, seats, visitors, wallMs } = this.#options;
    let grant: TicketGrant | Refusal;
    try {
      grant = await give(asking.token);
    } catch (error) {
      this.#unreachable(error);
      return this.#told(guest, this.#ask(asking, guest, null));
    }
    if (isRefusal(grant)) {
      if (catalogue[grant.refused].retry === 'never') room.gone(guest.subject);
      return grant;
    }
    const found = guest.character === null ? await visitors.find(grant.session).catch(() => undefined) : guest;
    seats.expect(found?.character ?? guest.subject, wallMs());
    room.admitted(guest.subject);
    this.#used.delete(guest.subject);
    this.#used.set(guest.subject, { session: grant.session, untilMs: wallMs() + AGAIN_MS });
    return grant;
  }

  #told({ subject }: Guest, answer: RoomAnswer): Refusal | Waiting {
    if (answer.kind === 'refused') return { refused: answer.code };
    // Called, and then the database went: `ask` never answers `come` while nobody can be let in.
    if (answer.kind === 'come') return { refused: 'backend_unreachable' };
    const { arrivedMs, tie, position, waiting, estimate, retryMs, full } = answer;
    const place = writePlace(this.#options.key, { subject, arrivedMs, tie, saidMs: this.#options.wallMs() });
    const why = !this.#open ? 'unreachable' : full ? 'full' : 'busy';
    return { code: 'waiting', place, position, waiting, estimateMs: estimate, why, retryAfterMs: retryMs };
  }

  /** Nobody is let in before the database is back: it would only be asked in vain, by everyone. */
  #unreachable(error: unknown): void {
    if (!(error instanceof DatabaseUnreachable)) throw error;
    if (!this.#open) return;
    this.#open = false;
    void this.#options.recovery().then(() => {
      this.#open = true;
    });
  }
}

/** Nobody can tell the session from it. */
function subjectOf(token: string): string {
  return createHash('sha256').update('subject\0').update(token).digest('base64url');
}

/** A proxy on this machine: whoever is behind it is many. */
function isLocal(peer: string): boolean {
  const address = peer.replace(/^::ffff:/i, '');
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
