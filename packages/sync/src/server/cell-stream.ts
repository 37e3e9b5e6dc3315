import { type BitWriter, limits, type Raw } from '@lifeverse/protocol';
import {
  type CellKey,
  destination,
  destinationOf,
  type SectionCodec,
  type Shadow,
  SlotTable,
} from '../common/index.ts';

/** Where a stream finds the truth: columns by row, owned by the zone and replaced when they grow. */
export interface EntityColumns {
  x: Int32Array;
  y: Int32Array;
  /** Displacement in the last step, millimetres. */
  vx: Int32Array;
  vy: Int32Array;
  id: Float64Array;
  generation: Uint32Array;
  /** Public components that were written in this tick, bit by index. */
  changed: Uint32Array;
  /** Public components, by index then row. */
  shared: Raw[][];
  /**
   * The kinematics of the shadow of each row, written by its stream: whoever owns the columns sees by them, in one pass,
   * which streams have something to say. `shadowTick` is -1 while the entity is in no receiver's hands.
   */
  shadowX: Int32Array;
  shadowY: Int32Array;
  shadowVx: Int32Array;
  shadowVy: Int32Array;
  shadowTick: Int32Array;
}

/** Who reads a stream, under which number. The bytes are copied out at once: they are written over by the next stream. */
export interface StreamReader {
  section(slot: number, key: boolean, bytes: Uint8Array): void;
  head(slot: number, sequence: number): void;
}

interface Subscription {
  readonly reader: StreamReader;
  readonly slot: number;
  wantsKey: boolean;
}

/** After so many changes, or bytes beyond twice the keyframe, readers get one early: it bounds what they cache. */
const CHANGES_PER_KEY = 48;
const CHANGES_PER_CHECKSUM = 64;
const SPARE_KEY_BYTES = 64;

/**
 * The stream of one cell for one audience: one writer, many readers, encoded once. It simulates its receivers: the
 * shadow table is what they hold, and a change is written when their prediction would leave the tolerance (SY5).
 */
export class CellStream {
  readonly cell: CellKey;
  readonly audience: number;
  /** Counts sections; a reader that sees a head it does not expect asks for a keyframe. */
  sequence = 0;
  readonly #codec: SectionCodec;
  readonly #toleranceSquared: number;
  readonly #out: BitWriter;
  readonly #table = new SlotTable();
  /** Row of each slot's entity, and all rows present, slotted or not yet. */
  readonly #rows: number[] = [];
  readonly #slotOfRow = new Map<number, number>();
  #entering: number[] = [];
  #leaving: { readonly slot: number; readonly to: number }[] = [];
  #subscriptions: Subscription[] = [];
  #changesSinceKey = 0;
  #bytesSinceKey = 0;
  #keyBytes = 0;
  #active = false;
  #marked = false;
  #silent = false;
  readonly #onMarked: (stream: CellStream) => void;

  /** `onMarked`: told once, before the next flush, that the stream may have something to say. */
  constructor(
    cell: CellKey,
    audience: number,
    codec: SectionCodec,
    toleranceMm: number,
    scratch: BitWriter,
    onMarked: (stream: CellStream) => void = () => {},
  ) {
    this.cell = cell;
    this.audience = audience;
    this.#onMarked = onMarked;
    this.#codec = codec;
    this.#toleranceSquared = toleranceMm * toleranceMm;
    this.#out = scratch;
  }

  /** Nothing is told of a silent stream, and who wants a keyframe of it gets one when it speaks again. */
  get silent(): boolean {
    return this.#silent;
  }

  set silent(silent: boolean) {
    if (silent === this.#silent) return;
    this.#silent = silent;
    for (const subscription of this.#subscriptions) subscription.wantsKey = true;
    this.mark();
  }

  get rows(): Iterable<number> {
    return this.#slotOfRow.keys();
  }

  get size(): number {
    return this.#slotOfRow.size;
  }

  get idle(): boolean {
    return this.#slotOfRow.size === 0 && this.#subscriptions.length === 0 && this.#leaving.length === 0;
  }

  *readers(): Generator<StreamReader> {
    for (const { reader } of this.#subscriptions) yield reader;
  }

  /** The next flush is to look at this stream. */
  mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    this.#onMarked(this);
  }

  /** The entity is in this cell from this tick on. */
  enter(row: number): void {
    this.mark();
    this.#slotOfRow.set(row, -1);
    this.#entering.push(row);
  }

  /** The entity is in another cell, or (null) nowhere. */
  leave(row: number, to: CellKey | null): void {
    this.mark();
    const slot = this.#slotOfRow.get(row);
    this.#slotOfRow.delete(row);
    if (slot === undefined || slot < 0) this.#entering = this.#entering.filter((entering) => entering !== row);
    else this.#leaving.push({ slot, to: to === null ? destination.gone : destinationOf(this.cell, to) });
  }

  subscribe(reader: StreamReader, slot: number): void {
    this.mark();
    this.#subscriptions.push({ reader, slot, wantsKey: true });
    reader.head(slot, this.sequence);
  }

  unsubscribe(reader: StreamReader): void {
    this.mark();
    this.#subscriptions = this.#subscriptions.filter((subscription) => subscription.reader !== reader);
  }

  wantKey(reader: StreamReader): void {
    this.mark();
    for (const subscription of this.#subscriptions) if (subscription.reader === reader) subscription.wantsKey = true;
  }

  /** Writes this tick's change to every reader, and keyframes to those who want one. Returns the bytes of the change. */
  flush(columns: EntityColumns, tick: number): number {
    this.#marked = false;
    if (this.#silent || this.#subscriptions.length === 0) {
      if (this.#active) this.#deactivate(columns);
      return 0;
    }
    if (!this.#active) this.#activate(columns, tick);
    const bytes = this.#encodeChange(columns, tick);
    if (bytes !== null) this.#publish(bytes);
    this.#publishKeys(tick);
    if (this.#entering.length > 0) this.mark();
    return bytes === null ? 0 : bytes.length;
  }

  #publish(bytes: Uint8Array): void {
    this.sequence++;
    this.#changesSinceKey++;
    this.#bytesSinceKey += bytes.length;
    for (const { reader, slot } of this.#subscriptions) {
      reader.section(slot, false, bytes);
      reader.head(slot, this.sequence);
    }
  }

  #publishKeys(tick: number): void {
    const early =
      this.#changesSinceKey >= CHANGES_PER_KEY || this.#bytesSinceKey > 2 * this.#keyBytes + SPARE_KEY_BYTES;
    if (!early && !this.#subscriptions.some((subscription) => subscription.wantsKey)) return;
    const key = this.#encodeKey(tick);
    for (const subscription of this.#subscriptions) {
      if (!early && !subscription.wantsKey) continue;
      subscription.wantsKey = false;
      subscription.reader.section(subscription.slot, true, key);
    }
    if (early) this.#changesSinceKey = this.#bytesSinceKey = 0;
    this.#keyBytes = key.length;
  }

  /** Nobody reads, or is told: receivers hold nothing that would have to be simulated. */
  #deactivate(columns: EntityColumns): void {
    this.#active = false;
    this.#table.clear();
    this.#rows.length = 0;
    this.#leaving = [];
    this.#entering = [...this.#slotOfRow.keys()];
    for (const row of this.#entering) {
      this.#slotOfRow.set(row, -1);
      columns.shadowTick[row] = -1;
    }
  }

  #activate(columns: EntityColumns, tick: number): void {
    this.#active = true;
    for (const row of this.#admit()) this.#take(columns, row, tick);
    this.sequence++;
    for (const { reader, slot } of this.#subscriptions) reader.head(slot, this.sequence);
  }

  /** Those who enter now: as many as there are slots for. The others wait until one is free. */
  #admit(): number[] {
    const slotted = this.#slotOfRow.size - this.#entering.length;
    return this.#entering.splice(0, limits.slotsPerCell - slotted);
  }

  #take(columns: EntityColumns, row: number, tick: number): number {
    const slot = this.#table.lowestFree();
    const shadow = this.#shadowOf(columns, row, tick);
    this.#table.set(slot, shadow);
    expose(columns, row, shadow);
    this.#rows[slot] = row;
    this.#slotOfRow.set(row, slot);
    return slot;
  }

  #speed(v: number): number {
    return v > this.#codec.maxSpeed || v < -this.#codec.maxSpeed ? 0 : v;
  }

  #shadowOf(columns: EntityColumns, row: number, tick: number): Shadow {
    return {
      id: columns.id[row] as number,
      generation: columns.generation[row] as number,
      tick,
      x: columns.x[row] as number,
      y: columns.y[row] as number,
      vx: this.#speed(columns.vx[row] as number),
      vy: this.#speed(columns.vy[row] as number),
      components: columns.shared.map((column) => column[row] as Raw),
    };
  }

  #encodeChange(columns: EntityColumns, tick: number): Uint8Array | null {
    const out = this.#out;
    out.reset();
    const checks = this.sequence % CHANGES_PER_CHECKSUM === CHANGES_PER_CHECKSUM - 1;
    const entering = this.#entering.length > 0 ? this.#admit() : this.#entering;
    const structure = this.#leaving.length > 0 || entering.length > 0;
    if (structure || checks) {
      this.#codec.beginStructure(out);
      if (checks) this.#codec.writeChecksum(out, this.#table.checksum(tick - 1));
      for (const { slot, to } of this.#leaving) {
        this.#table.free(slot);
        this.#rows[slot] = -1;
        this.#codec.writeLeave(out, slot, to);
      }
      for (const row of entering) {
        const slot = this.#take(columns, row, tick);
        this.#codec.writeEnter(out, this.cell, slot, this.#table.get(slot) as Shadow, tick);
      }
      this.#codec.endStructure(out);
      this.#leaving = [];
    } else {
      this.#codec.noStructure(out);
    }
    const updates = this.#writeUpdates(columns, tick);
    this.#codec.endUpdates(out);
    // A checksum alone is not worth a section: it waits for the next change.
    return structure || updates > 0 ? out.view() : null;
  }

  #writeUpdates(columns: EntityColumns, tick: number): number {
    const { x, y, changed } = columns;
    const { slots } = this.#table;
    let previous = -1;
    let count = 0;
    for (let slot = 0; slot < slots.length; slot++) {
      const shadow = slots[slot] as Shadow | null;
      if (shadow === null || shadow.tick === tick) continue;
      const row = this.#rows[slot] as number;
      const dx = (x[row] as number) - shadow.x - shadow.vx * (tick - shadow.tick);
      const dy = (y[row] as number) - shadow.y - shadow.vy * (tick - shadow.tick);
      const moved = dx * dx + dy * dy > this.#toleranceSquared;
      const dirty = changed[row] === 0 ? 0 : this.#differing(columns, row, shadow);
      if (!moved && dirty === 0) continue;
      this.#codec.writeUpdate(this.#out, slot, previous, moved, dirty);
      if (moved) this.#writeMove(columns, row, shadow, tick);
      if (dirty !== 0) this.#writeComponents(columns, row, shadow, dirty);
      previous = slot;
      count++;
    }
    return count;
  }

  #differing(columns: EntityColumns, row: number, shadow: Shadow): number {
    let mask = 0;
    columns.shared.forEach((column, i) => {
      if (column[row] !== shadow.components[i]) mask |= 1 << i;
    });
    return mask;
  }

  #writeMove(columns: EntityColumns, row: number, shadow: Shadow, tick: number): void {
    const x = columns.x[row] as number;
    const y = columns.y[row] as number;
    const vx = this.#speed(columns.vx[row] as number);
    const vy = this.#speed(columns.vy[row] as number);
    this.#codec.writeMove(this.#out, this.cell, shadow, tick, x, y, vx, vy);
    shadow.tick = tick;
    shadow.x = x;
    shadow.y = y;
    shadow.vx = vx;
    shadow.vy = vy;
    expose(columns, row, shadow);
  }

  #writeComponents(columns: EntityColumns, row: number, shadow: Shadow, dirty: number): void {
    columns.shared.forEach((column, i) => {
      if ((dirty & (1 << i)) === 0) return;
      const raw = column[row] as Raw;
      shadow.components[i] = raw;
      this.#codec.components[i]?.write(this.#out, raw);
    });
  }

  /** The shadow, never the truth: old and new readers agree bit for bit (SY5). */
  #encodeKey(tick: number): Uint8Array {
    const out = this.#out;
    out.reset();
    this.#codec.beginStructure(out);
    this.#table.slots.forEach((shadow, slot) => {
      if (shadow !== null) this.#codec.writeEnter(out, this.cell, slot, shadow, tick);
    });
    this.#codec.endStructure(out);
    this.#codec.endUpdates(out);
    return out.view();
  }
}

function expose(columns: EntityColumns, row: number, shadow: Shadow): void {
  columns.shadowX[row] = shadow.x;
  columns.shadowY[row] = shadow.y;
  columns.shadowVx[row] = shadow.vx;
  columns.shadowVy[row] = shadow.vy;
  columns.shadowTick[row] = shadow.tick;
}
