import type { BitReader, RekeyReason } from '@lifeverse/protocol';
import {
  type CellKey,
  cellKey,
  cellX,
  cellY,
  destination,
  neighbourOffset,
  type SectionCodec,
  type SectionListener,
  type Shadow,
  SlotTable,
  type View,
} from '../common/index.ts';
import { Track } from './track.ts';

/** An entity that left towards a cell in view is kept so long, awaiting its arrival there. */
export const AWAIT_ENTER_MS = 250;

/** An entity as a client knows it. */
export interface ReplicaEntity {
  readonly id: number;
  generation: number;
  /** Its present shadow: components are read from here. */
  shadow: Shadow;
  readonly track: Track;
  /** Set while it is between two cells. */
  awaitedSinceMs: number | null;
}

interface CellReplica {
  readonly cell: CellKey;
  table: SlotTable;
  /** Modulo 256; null: waiting for a keyframe. */
  sequence: number | null;
}

export interface ReplicaEvents {
  entered(entity: ReplicaEntity): void;
  left(id: number): void;
}

/** What a client holds of the world: the streams of the cells in its view, and the entities in them. */
export class Replica implements SectionListener {
  readonly entities = new Map<number, ReplicaEntity>();
  anchorX = 0;
  anchorY = 0;
  #cells: (CellReplica | undefined)[] = [];
  #byStream = new Map<string, CellReplica>();
  readonly #codec: SectionCodec;
  readonly #view: View;
  /** Cells of the view that are followed: the nearest ones. */
  #seen = 0;
  readonly #events: ReplicaEvents;
  readonly #historyTicks: number;
  #nowMs = 0;
  /** The cell being read. */
  #cell: CellKey = 0;
  /** Who was in streams whose keyframes are being read, and is not in theirs; null: each keyframe stands for itself. */
  #vanished: Shadow[] | null = null;
  /** Streams are followed on from a former connection, and some of them wait for their keyframe on this one. */
  #carried = false;

  /** `historyTicks`: how far behind its newest tidings an entity may be shown. */
  constructor(codec: SectionCodec, view: View, events: ReplicaEvents, historyTicks: number) {
    this.#codec = codec;
    this.#view = view;
    this.#events = events;
    this.#historyTicks = historyTicks;
  }

  get cellCount(): number {
    return this.#byStream.size;
  }

  /**
   * The view has moved: what is no longer in it is forgotten, what is new waits for its keyframe. `linkClass`: so many of
   * its farthest cells are left out.
   */
  moveTo(anchorX: number, anchorY: number, audiences: number, linkClass = 0): void {
    this.#seen = Math.max(0, this.#view.size - linkClass);
    this.anchorX = anchorX;
    this.anchorY = anchorY;
    const kept = new Map<string, CellReplica>();
    this.#cells = [];
    for (let audience = 0; audience < 8; audience++) {
      if (audience > 0 && (audiences & (1 << (audience - 1))) === 0) continue;
      for (let i = 0; i < this.#seen; i++) {
        const cell = cellKey(anchorX + (this.#view.dx[i] as number), anchorY + (this.#view.dy[i] as number));
        const key = `${cell}/${audience}`;
        const replica = this.#byStream.get(key) ?? { cell, table: new SlotTable(), sequence: null };
        this.#byStream.delete(key);
        kept.set(key, replica);
        this.#cells[audience * this.#view.size + i] = replica;
      }
    }
    for (const replica of this.#byStream.values()) this.#forgetAll(replica.table.slots);
    this.#byStream = kept;
  }

  #forgetAll(shadows: readonly (Shadow | null)[]): void {
    for (const shadow of shadows) if (shadow !== null) this.#forget(shadow);
  }

  /** Only when this is the entity's present shadow: it may have gone on to another cell. */
  #forget(shadow: Shadow): void {
    if (this.entities.get(shadow.id)?.shadow !== shadow) return;
    this.entities.delete(shadow.id);
    this.#events.left(shadow.id);
  }

  /**
   * One changed stream of a frame. `reference`: its number times four, and its sequence modulo four. Anything but `ok`
   * says why a keyframe is needed; until it comes, the stream's sections are read past.
   */
  readChange(from: BitReader, reference: number, tick: number, nowMs: number): 'ok' | RekeyReason {
    const replica = this.#cells[Math.floor(reference / 4)];
    if (replica === undefined) return 'malformed';
    this.#nowMs = nowMs;
    this.#cell = replica.cell;
    const { sequence } = replica;
    if (sequence === null || ((sequence + 1) & 3) !== (reference & 3)) {
      // Read all the same, into nothing: the next section begins behind it.
      const result = this.#codec.read(from, replica.cell, tick, new SlotTable(), deaf);
      replica.sequence = null;
      if (result === 'malformed') return 'malformed';
      return sequence === null ? 'ok' : 'gap';
    }
    const result = this.#codec.read(from, replica.cell, tick, replica.table, this);
    replica.sequence = result === 'ok' ? (sequence + 1) & 0xff : null;
    return result === 'disagrees' ? 'checksum' : result;
  }

  /** A keyframe and the changes since replace what is held of that stream. False: malformed, and nothing has changed. */
  readKey(from: BitReader, index: number, sequence: number, sections: number, tick: number): boolean {
    const replica = this.#cells[index];
    if (replica === undefined) return false;
    const table = new SlotTable();
    for (let i = 0; i < sections; i++) {
      const sectionTick = tick - from.chunked(7);
      // What came and went since the keyframe was made is history: only the outcome is told.
      if (this.#codec.read(from, replica.cell, sectionTick, table, deaf) === 'malformed') return false;
      from.align();
    }
    const former = replica.table.slots;
    replica.table = table;
    replica.sequence = sequence;
    table.slots.forEach((shadow, slot) => {
      if (shadow !== null) this.entered(slot, shadow);
    });
    if (this.#vanished === null) this.#forgetAll(former);
    else this.#vanished.push(...former.filter((shadow) => shadow !== null));
    return true;
  }

  /** The keyframes that `read` reads are of one moment: who is in any of them never went away (SY15). */
  together(nowMs: number, read: () => void): void {
    const vanished: Shadow[] = [];
    this.#vanished = vanished;
    read();
    this.#vanished = null;
    if (this.#carried) this.#await(vanished, nowMs);
    else this.#forgetAll(vanished);
    this.#carried &&= this.#cells.some((replica) => replica?.sequence === null);
  }

  /** They may be in a stream that is still to be keyed, or on their way from one owner's to another's. */
  #await(shadows: readonly Shadow[], nowMs: number): void {
    for (const shadow of shadows) {
      const entity = this.entities.get(shadow.id);
      if (entity?.shadow === shadow) entity.awaitedSinceMs ??= nowMs;
    }
  }

  /** What is held goes on by another connection, stream by stream, as soon as that one has keyed it. */
  carryOver(): void {
    this.#carried = true;
    this.loseAll();
  }

  /** Follows no stream any more; returns their numbers. */
  loseAll(): number[] {
    return this.#cells.flatMap((replica, index) => {
      if (replica === undefined) return [];
      replica.sequence = null;
      return [index];
    });
  }

  /** Lets go of entities that were awaited in vain. */
  expire(nowMs: number): void {
    for (const entity of this.entities.values()) {
      if (entity.awaitedSinceMs !== null && nowMs - entity.awaitedSinceMs > AWAIT_ENTER_MS) this.#forget(entity.shadow);
    }
  }

  entered(_slot: number, shadow: Shadow): void {
    const known = this.entities.get(shadow.id);
    if (known === undefined) {
      const entity: ReplicaEntity = {
        id: shadow.id,
        generation: shadow.generation,
        shadow,
        track: new Track(this.#historyTicks),
        awaitedSinceMs: null,
      };
      entity.track.add(shadow.tick, shadow.x, shadow.y, shadow.vx, shadow.vy);
      this.entities.set(shadow.id, entity);
      this.#events.entered(entity);
    } else if (shadow.generation >= known.generation) {
      known.generation = shadow.generation;
      known.shadow = shadow;
      known.awaitedSinceMs = null;
      known.track.add(shadow.tick, shadow.x, shadow.y, shadow.vx, shadow.vy);
    }
  }

  left(_slot: number, shadow: Shadow, to: number): void {
    const known = this.entities.get(shadow.id);
    if (known === undefined || known.shadow !== shadow) return;
    if (this.#inView(to)) known.awaitedSinceMs = this.#nowMs;
    else this.#forget(shadow);
  }

  #inView(to: number): boolean {
    if (to === destination.gone || to === destination.far) return to === destination.far;
    const { dx, dy } = neighbourOffset(to);
    const index = this.#view.indexAt(cellX(this.#cell) + dx - this.anchorX, cellY(this.#cell) + dy - this.anchorY);
    return index >= 0 && index < this.#seen;
  }

  moving(shadow: Shadow, tick: number, x: number, y: number, vx: number, vy: number): void {
    const entity = this.entities.get(shadow.id);
    if (entity?.shadow === shadow) entity.track.add(tick, x, y, vx, vy);
  }
}

const deaf: SectionListener = { entered() {}, left() {}, moving() {} };
