import type { CellKey } from '@lifeverse/protocol';
import type { Group } from './group.ts';
import type { ZoneLink } from './zone-link.ts';

/** A group that reads a stream, and under which number the stream goes in its frames. */
export interface StreamUse {
  readonly group: Group;
  readonly index: number;
}

/**
 * What a gateway knows of one cell's stream: a keyframe and the changes since, as opaque bytes, one behind the other.
 * `current`: it follows the zone. Otherwise it waits for a keyframe, and nothing is passed on meanwhile.
 */
export class StreamCache {
  readonly link: ZoneLink;
  readonly cell: number;
  readonly audience: number;
  readonly slot: number;
  /** The version of the interest that asked for it: what the zone says of the slot before that is about another stream. */
  readonly sinceVersion: number;
  readonly uses: StreamUse[] = [];
  /** The same cell's streams of zones that had it before: they are read until this one has its first keyframe. */
  replaces: StreamCache[] = [];
  state: { readonly kind: 'current' } | { readonly kind: 'waiting'; askedMs: number };
  /** Of the last section, modulo 256. */
  sequence = 0;
  /** The turn of the newest change. */
  changedTurn = 0;
  #log = new Uint8Array(64);
  #ends: number[] = [];
  #ticks: number[] = [];

  constructor(identity: Pick<StreamCache, 'link' | 'cell' | 'audience' | 'slot' | 'sinceVersion'>, nowMs: number) {
    this.link = identity.link;
    this.cell = identity.cell;
    this.audience = identity.audience;
    this.slot = identity.slot;
    this.sinceVersion = identity.sinceVersion;
    this.state = { kind: 'waiting', askedMs: nowMs };
  }

  /** The cell has come over from other zones: who read it there reads it here, and is to get a keyframe. */
  takePlace(): StreamUse[] {
    const moved = this.replaces.flatMap(({ uses }) => uses);
    for (const former of this.replaces) {
      // Let go of meanwhile.
      if (former.uses.length === 0) continue;
      former.uses.splice(0);
      former.link.unwant(former);
    }
    this.replaces = [];
    for (const { group, index } of moved) group.replace(index, this);
    return moved;
  }

  key(bytes: Uint8Array, start: number, end: number, sequence: number, tick: number): void {
    this.#ends = [];
    this.#ticks = [];
    this.sequence = sequence;
    this.state = { kind: 'current' };
    this.#append(bytes, start, end, tick);
  }

  /** The next section. */
  change(bytes: Uint8Array, start: number, end: number, { tick, turn }: { tick: number; turn: number }): void {
    this.sequence = (this.sequence + 1) & 0xff;
    this.changedTurn = turn;
    this.#append(bytes, start, end, tick);
  }

  #append(bytes: Uint8Array, from: number, to: number, tick: number): void {
    let at = this.#ends.length === 0 ? 0 : (this.#ends[this.#ends.length - 1] as number);
    const end = at + to - from;
    if (end > this.#log.length) {
      const larger = new Uint8Array(Math.max(end, this.#log.length * 2));
      larger.set(this.#log.subarray(0, at));
      this.#log = larger;
    }
    const log = this.#log;
    for (let i = from; i < to; i++) log[at++] = bytes[i] as number;
    this.#ends.push(end);
    this.#ticks.push(tick);
  }

  /** What a newcomer needs, under that number. */
  asKey(index: number): CellKey {
    const sections = this.#ends.map((end, i) => ({
      tick: this.#ticks[i] as number,
      bytes: this.#log.subarray(i === 0 ? 0 : (this.#ends[i - 1] as number), end),
    }));
    return { index, sequence: this.sequence, sections };
  }
}
