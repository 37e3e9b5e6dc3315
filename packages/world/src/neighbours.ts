import { decodeNeighbourMessage } from '@lifeverse/contracts';
import { NeighbourLine } from './neighbour-line.ts';
import { encodeNeighbourNote, type NeighbourNote } from './neighbour-notes.ts';

/** Who has said nothing for so long may be gone: nobody is sent there. */
const HEARD_MS = 1_500;
/** For so long somebody is remembered who went to a zone. */
const LEFT_MS = 60_000;

export interface NeighbourCounters {
  neighbour_messages_malformed: number;
  /** Of owners that are none any more, and of zones with which this one has nothing to do, or not yet. */
  neighbour_messages_fenced: number;
}

export interface NeighboursParts {
  readonly zone: number;
  readonly epoch: number;
  readonly counters: NeighbourCounters;
  /** Takes the bytes for good. */
  send(zone: number, bytes: Uint8Array): void;
}

interface Neighbour {
  readonly line: NeighbourLine;
  heardMs: number;
}

/** The lines of a zone to all others with which it has to do, and what they have said and was not looked at yet. */
export class Neighbours {
  readonly #parts: NeighboursParts;
  readonly #neighbours = new Map<number, Neighbour>();
  readonly #heard: { readonly zone: number; readonly note: Uint8Array }[] = [];
  readonly #met = new Set<number>();

  constructor(parts: NeighboursParts) {
    this.#parts = parts;
  }

  #of(zone: number): Neighbour {
    let neighbour = this.#neighbours.get(zone);
    if (neighbour === undefined) {
      const { send, ...parts } = this.#parts;
      const line = new NeighbourLine({
        ...parts,
        send: (bytes) => send(zone, bytes),
        take: (note) => this.#heard.push({ zone, note: note.slice() }),
        met: () => this.#met.add(zone),
      });
      neighbour = { line, heardMs: Number.NEGATIVE_INFINITY };
      this.#neighbours.set(zone, neighbour);
    }
    return neighbour;
  }

  /** Spoken to from now on, so that each knows who owns the other before there is anything to say. */
  greet(zone: number): void {
    this.#of(zone).line.greet();
  }

  /** Whether the zone has an owner that listens. */
  hears(zone: number, nowMs: number): boolean {
    const neighbour = this.#neighbours.get(zone);
    return neighbour !== undefined && nowMs - neighbour.heardMs <= HEARD_MS;
  }

  /** `lasts`: it counts for whoever owns the zone. */
  say(zone: number, note: NeighbourNote, lasts: boolean): void {
    this.#of(zone).line.say(encodeNeighbourNote(note), lasts);
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    const message = decodeNeighbourMessage(bytes);
    if (message === undefined) {
      this.#parts.counters.neighbour_messages_malformed++;
      return;
    }
    // A zone of which this one has not been told yet says it again.
    const neighbour = this.#neighbours.get(message.zone);
    if (neighbour?.line.receive(message)) neighbour.heardMs = nowMs;
    else this.#parts.counters.neighbour_messages_fenced++;
  }

  /** What was said, in order for each zone; once. */
  takeHeard(): { readonly zone: number; readonly note: Uint8Array }[] {
    return this.#heard.splice(0);
  }

  /** Zones that have another owner than before, as far as is known; once. */
  takeMet(): number[] {
    const met = [...this.#met];
    this.#met.clear();
    return met;
  }

  /** Of zones that are none any more, those that were silent for long are left: nobody is there to hear. */
  keep(isThere: (zone: number) => boolean, nowMs: number): void {
    for (const [zone, { heardMs }] of this.#neighbours)
      if (!isThere(zone) && nowMs - heardMs > LEFT_MS) this.#neighbours.delete(zone);
  }

  flush(nowMs: number): void {
    for (const { line } of this.#neighbours.values()) line.flush(nowMs);
  }

  /** Something that lasts was not acknowledged yet by an owner that listens. */
  isBusy(nowMs: number): boolean {
    return [...this.#neighbours].some(([zone, { line }]) => line.owes && this.hears(zone, nowMs));
  }
}
