import { decodeStored, encodeLoad, type StoredCharacter } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { Decided, DeskLine } from './desk-line.ts';

/** A player at the door, whose character is being fetched. */
export interface Arrival {
  readonly character: string;
  readonly name: string;
  readonly incarnation: number;
  /** As far as the gateway was told. */
  readonly handovers: number;
  readonly gateway: string;
  readonly session: number;
  /** Of the gateway's life and the session, as one word. */
  readonly entrance: string;
  /** Server time; 0: may speak. */
  readonly mutedUntilMs: number;
  /** What that incarnation has begun goes on; 0: they come anew, or back. */
  readonly continues: number;
}

/** It moves here from a connection that is none any more: somebody has come from another place since. */
export function isOvertaken({ incarnation }: { readonly incarnation: number }, arrival: Arrival): boolean {
  return arrival.continues > 0 && arrival.incarnation > incarnation && arrival.continues < incarnation;
}

export interface ArrivalParts {
  readonly line: DeskLine;
  readonly counters: { characters_loaded: number; characters_waiting: number };
  /** It is here: the character may stand. */
  arrived(arrival: Arrival, stored: StoredCharacter, nowMs: number): void;
  /** It does not get in, and is told why. */
  refused(arrival: Arrival, code: ErrorCode): void;
  /** Another owner has taken the zone: nobody is told anything by this one, and everybody asks the other. */
  replaced(): void;
}

/** Fetches the characters of those who come (WO21): each once at a time, for the newest who asks for it. */
export class Arrivals {
  readonly #parts: ArrivalParts;
  readonly #waiting = new Map<string, { arrival: Arrival; readonly request: number }>();

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** May be called again and again by the same. */
  come(arrival: Arrival, nowMs: number): void {
    const { character } = arrival;
    const waiting = this.#waiting.get(character);
    if (waiting === undefined) {
      const request = this.#parts.line.ask(
        'load',
        encodeLoad(character),
        nowMs,
        (outcome, thenMs) => this.#decided(character, outcome, thenMs),
        (code) => this.#put(character, code),
      );
      this.#waiting.set(character, { arrival, request });
    } else if (arrival.incarnation < waiting.arrival.incarnation) {
      this.#parts.refused(arrival, 'session_replaced');
    } else {
      const { incarnation } = waiting.arrival;
      if (arrival.incarnation > incarnation) this.#parts.refused(waiting.arrival, 'session_replaced');
      waiting.arrival = arrival;
    }
  }

  /** Does not want to come any more. */
  go(character: string, incarnation: number): void {
    if (this.#waiting.get(character)?.arrival.incarnation === incarnation) this.#take(character);
  }

  /** That life of the gateway is over: its sessions mean nothing any more, and the next one's have the same numbers. */
  forget(gateway: string): void {
    for (const [character, { arrival }] of this.#waiting) if (arrival.gateway === gateway) this.#take(character);
  }

  #take(character: string): Arrival | undefined {
    const waiting = this.#waiting.get(character);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(character);
    this.#parts.line.forget(waiting.request);
    return waiting.arrival;
  }

  /** Not now: who waits is told so and comes again, rather than look at a door that does not open. */
  #put(character: string, code: ErrorCode): void {
    const arrival = this.#take(character);
    if (arrival === undefined) return;
    this.#parts.counters.characters_waiting++;
    this.#parts.refused(arrival, code);
  }

  #decided(character: string, outcome: Decided, nowMs: number): void {
    const arrival = this.#take(character);
    if (arrival === undefined) return;
    const stored = outcome.kind === 'done' ? decodeStored(outcome.body) : undefined;
    if (outcome.kind === 'refused' && outcome.code === 'zone_replaced') {
      this.#parts.replaced();
    } else if (stored === undefined) {
      this.#parts.refused(arrival, outcome.kind === 'refused' ? outcome.code : 'internal');
    } else if (arrival.incarnation < stored.incarnation) {
      this.#parts.refused(arrival, 'session_replaced');
    } else {
      this.#parts.counters.characters_loaded++;
      this.#parts.arrived(arrival, stored, nowMs);
    }
  }
}
