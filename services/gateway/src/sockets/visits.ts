import type { Socket } from 'node:net';
import { addressKey, isLocalPeer } from './address.ts';

export interface VisitLimits {
  /** Sockets of one address that have not redeemed a ticket. */
  readonly unjoinedPerAddress: number;
  /** True: 127.0.0.1 and ::1 are limited as any other address. */
  readonly limitLocal: boolean;
}

interface Visit {
  readonly socket: Socket;
  readonly key: string;
  joined: boolean;
}

/** Beyond this multiple of the limit a connection is closed before anything is read; up to it, it is told why. */
const SILENT_REFUSAL = 2;

/**
 * Every TCP connection, from its first packet on, counted by address until its player has joined. A connection that
 * never says anything counts as one that does.
 */
export class Visits {
  readonly #limits: VisitLimits;
  readonly #visits = new Map<string, Visit>();
  readonly #unjoined = new Map<string, number>();
  #unjoinedSockets = 0;
  accepted = 0;
  refused = 0;

  constructor(limits: VisitLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#visits.size;
  }

  get unjoinedSockets(): number {
    return this.#unjoinedSockets;
  }

  /** To be called as a connection is accepted. */
  enter(socket: Socket): void {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const key = addressKey(remoteAddress);
    if (this.#limited(key) && (this.#unjoined.get(key) ?? 0) >= this.#limits.unjoinedPerAddress * SILENT_REFUSAL) {
      this.refused++;
      socket.destroy();
      return;
    }
    this.accepted++;
    const place = placeOf(socket);
    const visit: Visit = { socket, key, joined: false };
    this.#visits.set(place, visit);
    this.#count(key, 1);
    socket.once('close', () => {
      if (!visit.joined) this.#count(key, -1);
      if (this.#visits.get(place) === visit) this.#visits.delete(place);
    });
  }

  /** Whether this connection may go on to join. `socket` may be the TLS layer of the one that entered. */
  mayJoin(socket: Socket): boolean {
    const visit = this.#visits.get(placeOf(socket));
    if (visit === undefined) return false;
    return !this.#limited(visit.key) || (this.#unjoined.get(visit.key) ?? 0) <= this.#limits.unjoinedPerAddress;
  }

  /** Its player has a place in the world: it is not counted any more. */
  joined(socket: Socket): void {
    const visit = this.#visits.get(placeOf(socket));
    if (visit === undefined || visit.joined) return;
    visit.joined = true;
    this.#count(visit.key, -1);
  }

  /** Ends all of them at once. */
  destroy(): void {
    for (const { socket } of this.#visits.values()) socket.destroy();
  }

  #limited(key: string): boolean {
    return this.#limits.limitLocal || !isLocalPeer(key);
  }

  #count(key: string, change: 1 | -1): void {
    this.#unjoinedSockets += change;
    const count = (this.#unjoined.get(key) ?? 0) + change;
    if (count === 0) this.#unjoined.delete(key);
    else this.#unjoined.set(key, count);
  }
}

/** A TLS socket and the TCP socket beneath it have the same. */
function placeOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}
