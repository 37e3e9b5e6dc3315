import { type CopiesMessage, decodeCopies, encodeCopied, type GoneEntity } from '@lifeverse/contracts';
import { identityOf } from './handover-state.ts';

/** A zone as its former owner had it a moment ago. */
export interface ZoneCopies {
  /** As they are handed over. */
  readonly travellers: readonly Uint8Array[];
  /** Those who had gone lately: by the generation by which they would be here. */
  readonly gone: readonly GoneEntity[];
}

export interface StandbyParts {
  readonly zone: number;
  /** When it began, server time, whole ms: the owner speaks to the latest. */
  readonly life: number;
  /** Takes the bytes for good. */
  send(bytes: Uint8Array): void;
}

interface Copy {
  readonly generation: number;
  readonly bytes: Uint8Array;
}

/** Who has gone is remembered for so many messages, about one a tick. */
const GONE_MESSAGES = 400;
/** Something is said at least so often. */
const ALIVE_MS = 250;

/** The second copy of a zone, on another server than the zone (WO70): takes what the owner says, and says what it has. */
export class Standby {
  readonly #parts: StandbyParts;
  #epoch = 0;
  /** All messages of that epoch up to this one are here; 0: one was missed, or none was heard. */
  #heard = 0;
  #copies = new Map<number, Copy>();
  /** As it was before everything began to be told anew. */
  #former: ReadonlyMap<number, Copy> | null = null;
  #isWhole = false;
  readonly #gone = new Map<number, { readonly generation: number; readonly sequence: number }>();
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(parts: StandbyParts) {
    this.#parts = parts;
  }

  /** From the owner of the zone; anything else changes nothing. */
  receive(bytes: Uint8Array, nowMs: number): void {
    const told = decodeCopies(bytes);
    if (told === undefined || told.zone !== this.#parts.zone || told.epoch < this.#epoch) return;
    if (told.epoch > this.#epoch) this.#follow(told.epoch);
    if (told.begins) this.#begin();
    else if (this.#heard > 0 && told.sequence > this.#heard + 1) this.#heard = 0;
    if (told.begins || (this.#heard > 0 && told.sequence === this.#heard + 1)) this.#take(told);
    this.#answer(nowMs);
  }

  /** Says that it is there; to be called a few times a second. */
  flush(nowMs: number): void {
    if (nowMs - this.#saidMs >= ALIVE_MS) this.#answer(nowMs);
  }

  /** What a new owner goes on with; null: not everything was told yet. */
  copies(): ZoneCopies | null {
    if (!this.#isWhole && this.#former === null) return null;
    const all = new Map([...(this.#former ?? []), ...this.#copies]);
    for (const [entity, { generation }] of this.#gone) {
      const copy = all.get(entity);
      if (copy !== undefined && copy.generation <= generation) all.delete(entity);
    }
    return {
      travellers: [...all.values()].map(({ bytes }) => bytes),
      gone: [...this.#gone].map(([entity, { generation }]) => ({ entity, generation })),
    };
  }

  /** Another owner: what the former said is not so any more. */
  #follow(epoch: number): void {
    this.#epoch = epoch;
    this.#heard = 0;
    this.#copies = new Map();
    this.#former = null;
    this.#isWhole = false;
    this.#gone.clear();
  }

  #begin(): void {
    if (this.#isWhole) this.#former = this.#copies;
    this.#copies = new Map();
    this.#isWhole = false;
  }

  #take({ sequence, copies, gone, whole }: CopiesMessage): void {
    this.#heard = sequence;
    for (const view of copies) {
      const identity = identityOf(view);
      if (identity !== undefined)
        this.#copies.set(identity.id, { generation: identity.generation, bytes: view.slice() });
    }
    for (const { entity, generation } of gone) {
      this.#gone.set(entity, { generation, sequence });
      if ((this.#copies.get(entity)?.generation ?? Number.POSITIVE_INFINITY) <= generation) this.#copies.delete(entity);
    }
    if (gone.length > 0) this.#forget(sequence);
    if (!whole) return;
    this.#isWhole = true;
    this.#former = null;
  }

  #forget(sequence: number): void {
    for (const [entity, known] of this.#gone) {
      if (sequence - known.sequence < GONE_MESSAGES) return;
      this.#gone.delete(entity);
    }
  }

  #answer(nowMs: number): void {
    const { zone, life, send } = this.#parts;
    this.#saidMs = nowMs;
    send(encodeCopied({ zone, life, epoch: this.#epoch, heard: this.#heard }));
  }
}
