import { encodeNeighbourMessage, type NeighbourMessage } from '@lifeverse/contracts';

/** Notes that were not acknowledged for so long are said again. */
const AGAIN_MS = 100;
/** Something is said at least so often to a neighbour that has been spoken to: so each knows who owns the other. */
const ALIVE_MS = 1_000;
/** Of one message; what does not fit follows in the next. */
const MESSAGE_BYTES = 262_144;
const MESSAGE_NOTES = 1_024;

interface Note {
  readonly bytes: Uint8Array;
  /** Another owner of the zone is to hear it too, when the former has not said that it has taken it. */
  readonly lasts: boolean;
  saidMs: number;
}

export interface NeighbourLineParts {
  /** The own zone, and the epoch of this owner. */
  readonly zone: number;
  readonly epoch: number;
  /** Takes the bytes for good. */
  send(bytes: Uint8Array): void;
  /** A note of the other, each once, in their order. */
  take(note: Uint8Array): void;
  /** The other zone has an owner of whom nothing was heard before. */
  met(): void;
}

/**
 * The way to the owner of one other zone, over a bus that loses, doubles and reorders messages (WO50): notes are numbered,
 * said again until they are acknowledged, and taken in order. Both owners are named in every message: nothing that was
 * meant for another owner counts.
 */
export class NeighbourLine {
  readonly #parts: NeighbourLineParts;
  /** The highest epoch by which the other zone was heard; 0: not yet. */
  #theirEpoch = 0;
  /** Of their notes, all up to this one were taken. */
  #taken = 0;
  /** The number of the first in `#notes`. */
  #first = 1;
  #notes: Note[] = [];
  #owesAnswer = false;
  #saidMs = Number.NEGATIVE_INFINITY;
  #spoken = false;

  constructor(parts: NeighbourLineParts) {
    this.#parts = parts;
  }

  /** Something that lasts was not acknowledged. */
  get owes(): boolean {
    return this.#notes.some(({ lasts }) => lasts);
  }

  /** Notes that were not acknowledged. */
  get waiting(): number {
    return this.#notes.length;
  }

  /** Speaks to the other's owner from now on, whether there is anything to say or not. */
  greet(): void {
    this.#spoken = true;
  }

  /** `lasts`: counts for whoever owns the zone; otherwise it is lost with the owner that it was meant for. */
  say(bytes: Uint8Array, lasts: boolean): void {
    this.#spoken = true;
    this.#notes.push({ bytes, lasts, saidMs: Number.NEGATIVE_INFINITY });
  }

  /** The message of the other zone's owner. False: it is one that is owner no more. */
  receive(message: NeighbourMessage): boolean {
    if (message.epoch < this.#theirEpoch) return false;
    this.#spoken = true;
    if (message.epoch > this.#theirEpoch) this.#newOwner(message.epoch);
    if (message.toEpoch !== this.#parts.epoch) {
      // It has not heard of this owner: what it says is not for it.
      this.#owesAnswer = true;
      return true;
    }
    this.#acknowledged(message.heard);
    this.#takeNotes(message);
    return true;
  }

  #newOwner(epoch: number): void {
    this.#theirEpoch = epoch;
    this.#taken = 0;
    this.#first = 1;
    this.#notes = this.#notes.filter(({ lasts }) => lasts);
    for (const note of this.#notes) note.saidMs = Number.NEGATIVE_INFINITY;
    this.#parts.met();
  }

  #acknowledged(heard: number): void {
    const count = Math.min(this.#notes.length, heard - this.#first + 1);
    if (count <= 0) return;
    this.#notes.splice(0, count);
    this.#first += count;
  }

  #takeNotes({ first, notes }: NeighbourMessage): void {
    if (notes.length > 0) this.#owesAnswer = true;
    for (const [index, note] of notes.entries()) {
      if (first + index !== this.#taken + 1) continue;
      this.#taken++;
      this.#parts.take(note);
    }
  }

  /** Says what there is to say; about once a tick. */
  flush(nowMs: number): void {
    if (!this.#spoken) return;
    let at = this.#theirEpoch > 0 ? this.#notes.findIndex(({ saidMs }) => nowMs - saidMs >= AGAIN_MS) : -1;
    if (at < 0) {
      if (this.#owesAnswer || nowMs - this.#saidMs >= ALIVE_MS) this.#send(0, [], nowMs);
      return;
    }
    while (at < this.#notes.length) {
      const notes = this.#toSay(at, nowMs);
      this.#send(at, notes, nowMs);
      at += notes.length;
    }
  }

  #send(at: number, notes: readonly Uint8Array[], nowMs: number): void {
    const { zone, epoch, send } = this.#parts;
    this.#owesAnswer = false;
    this.#saidMs = nowMs;
    const header = { zone, epoch, toEpoch: this.#theirEpoch, heard: this.#taken, first: this.#first + at };
    send(encodeNeighbourMessage({ ...header, notes }));
  }

  /** From one that is due on: who has lost it takes none behind it. */
  #toSay(from: number, nowMs: number): Uint8Array[] {
    const said: Uint8Array[] = [];
    let bytes = 0;
    for (const note of this.#notes.slice(from)) {
      bytes += note.bytes.length;
      if (said.length > 0 && (bytes > MESSAGE_BYTES || said.length === MESSAGE_NOTES)) break;
      note.saidMs = nowMs;
      said.push(note.bytes);
    }
    return said;
  }
}
