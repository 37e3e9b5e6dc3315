import {
  type BitReader,
  type BitWriter,
  bitsFor,
  compileField,
  type FieldCodec,
  limits,
  type Raw,
  type WorldLayout,
} from '@lifeverse/protocol';
import { type CellKey, cellX, cellY } from './cell.ts';
import { predictedX, predictedY, type Shadow, type SlotTable } from './slot-table.ts';

/**
 * The bits of one section: what changed in one stream in one tick, or (only enters, into an empty table) its keyframe.
 *
 *   section   := structure? updates
 *   structure := 1 op* end | 0
 *   op        := checksum(16) | leave slot destination(4) | enter slot id generation position velocity component*
 *   updates   := (1 slot what position? component*)* 0
 *
 * A section ends itself, so sections are strung together without lengths. SPEC: SY7 to SY12.
 */
const op = { end: 0, enter: 1, leave: 2, checksum: 3 } as const;
const OP_BITS = 2;

/** Where an entity went: out of the world, to one of the eight neighbours, or farther. */
export const destination = { gone: 0, far: 9 } as const;

/** 1..8 for a neighbouring cell, `far` for any other. */
export function destinationOf(from: CellKey, to: CellKey): number {
  const dx = cellX(to) - cellX(from);
  const dy = cellY(to) - cellY(from);
  if (dx < -1 || dx > 1 || dy < -1 || dy > 1) return destination.far;
  const index = (dy + 1) * 3 + (dx + 1);
  return index < 4 ? index + 1 : index;
}

/** Offset of a neighbour from its destination number (1..8). */
export function neighbourOffset(number: number): { readonly dx: number; readonly dy: number } {
  const index = number <= 4 ? number - 1 : number;
  return { dx: (index % 3) - 1, dy: Math.floor(index / 3) - 1 };
}

/** Who is told what a section says; a table's owner that also animates, or nobody. */
export interface SectionListener {
  entered(slot: number, shadow: Shadow): void;
  left(slot: number, shadow: Shadow, to: number): void;
  /** Before the shadow takes the new values. */
  moving(shadow: Shadow, tick: number, x: number, y: number, vx: number, vy: number): void;
}

/**
 * How reading a section went. `ok`: applied. `disagrees`: well-formed, but it does not follow from what the table holds
 * (a lost section, another checksum): a keyframe is needed. `malformed`: the bits are no section.
 */
export type SectionResult = 'ok' | 'disagrees' | 'malformed';

export class SectionCodec {
  readonly components: readonly FieldCodec[];
  readonly componentNames: readonly string[];
  readonly cellMm: number;
  readonly maxSpeed: number;
  readonly #slackMm: number;
  readonly #positionBits: number;
  readonly #speedSpan: number;
  readonly #velocityBits: number;

  constructor(layout: WorldLayout) {
    const shared = layout.components.filter((component) => component.audience === 'all');
    this.components = shared.map((component) => compileField(component.field));
    this.componentNames = shared.map((component) => component.name);
    this.cellMm = layout.cellSizeM * 1_000;
    this.#slackMm = this.cellMm / 2;
    this.#positionBits = bitsFor(2 * this.cellMm - 1);
    this.maxSpeed = layout.position.maxSpeedMmPerTick;
    this.#speedSpan = 2 * this.maxSpeed + 1;
    this.#velocityBits = bitsFor(this.#speedSpan * this.#speedSpan - 1);
  }

  /** A position as the wire holds it for that cell: within its slack. */
  #local(mm: number, cell: number): number {
    return Math.max(0, Math.min(2 * this.cellMm - 1, mm - cell * this.cellMm + this.#slackMm));
  }

  #writeVelocity(out: BitWriter, vx: number, vy: number): void {
    out.wide((vx + this.maxSpeed) * this.#speedSpan + vy + this.maxSpeed, this.#velocityBits);
  }

  #readVelocity(from: BitReader): number {
    const code = from.wide(this.#velocityBits);
    if (code >= this.#speedSpan * this.#speedSpan) from.fail();
    return code;
  }

  #vxOf(code: number): number {
    return Math.floor(code / this.#speedSpan) - this.maxSpeed;
  }

  #vyOf(code: number): number {
    return (code % this.#speedSpan) - this.maxSpeed;
  }

  beginStructure(out: BitWriter): void {
    out.bit(true);
  }

  writeChecksum(out: BitWriter, checksum: number): void {
    out.bits(op.checksum, OP_BITS);
    out.bits(checksum, 16);
  }

  writeLeave(out: BitWriter, slot: number, to: number): void {
    out.bits(op.leave, OP_BITS);
    out.chunked(slot, 3);
    out.bits(to, 4);
  }

  /** The entity as its shadow is at `tick`. */
  writeEnter(out: BitWriter, cell: CellKey, slot: number, shadow: Shadow, tick: number): void {
    out.bits(op.enter, OP_BITS);
    out.chunked(slot, 3);
    out.chunked(shadow.id, 7);
    out.chunked(shadow.generation, 4);
    out.wide(this.#local(predictedX(shadow, tick), cellX(cell)), this.#positionBits);
    out.wide(this.#local(predictedY(shadow, tick), cellY(cell)), this.#positionBits);
    this.#writeVelocity(out, shadow.vx, shadow.vy);
    for (let i = 0; i < this.components.length; i++) {
      const codec = this.components[i] as FieldCodec;
      const raw = shadow.components[i] as Raw;
      out.bit(raw !== codec.initial);
      if (raw !== codec.initial) codec.write(out, raw);
    }
  }

  endStructure(out: BitWriter): void {
    out.bits(op.end, OP_BITS);
  }

  noStructure(out: BitWriter): void {
    out.bit(false);
  }

  /** Slots rise within a section: the next one costs one bit. */
  writeUpdate(out: BitWriter, slot: number, previousSlot: number, moved: boolean, changed: number): void {
    out.bit(true);
    const next = slot === previousSlot + 1;
    out.bit(next);
    if (!next) out.chunked(slot, 3);
    if (this.components.length === 0) return;
    out.bit(moved && changed === 0);
    if (moved && changed === 0) return;
    out.bit(moved);
    for (let i = 0; i < this.components.length; i++) out.bit((changed & (1 << i)) !== 0);
  }

  /** One bit when the new velocity alone explains the new position, counted from where the receiver had it a tick ago. */
  writeMove(
    out: BitWriter,
    cell: CellKey,
    shadow: Shadow,
    tick: number,
    x: number,
    y: number,
    vx: number,
    vy: number,
  ): void {
    const exact = predictedX(shadow, tick - 1) + vx === x && predictedY(shadow, tick - 1) + vy === y;
    out.bit(exact);
    this.#writeVelocity(out, vx, vy);
    if (exact) return;
    out.wide(this.#local(x, cellX(cell)), this.#positionBits);
    out.wide(this.#local(y, cellY(cell)), this.#positionBits);
  }

  endUpdates(out: BitWriter): void {
    out.bit(false);
  }

  /** Total: reads one section and applies what of it follows from the table. */
  read(from: BitReader, cell: CellKey, tick: number, table: SlotTable, listener: SectionListener): SectionResult {
    const structure = from.bit() ? this.#readStructure(from, cell, tick, table, listener) : true;
    const updates = this.#readUpdates(from, cell, tick, table, listener);
    if (from.failed) return 'malformed';
    return structure && updates ? 'ok' : 'disagrees';
  }

  #readStructure(from: BitReader, cell: CellKey, tick: number, table: SlotTable, listener: SectionListener): boolean {
    let agrees = true;
    while (!from.failed) {
      switch (from.bits(OP_BITS)) {
        case op.end:
          return agrees;
        case op.checksum:
          if (from.bits(16) !== table.checksum(tick - 1)) agrees = false;
          break;
        case op.leave:
          if (!this.#readLeave(from, table, listener)) agrees = false;
          break;
        case op.enter:
          if (!this.#readEnter(from, cell, tick, table, listener)) agrees = false;
          break;
      }
    }
    return agrees;
  }

  #readLeave(from: BitReader, table: SlotTable, listener: SectionListener): boolean {
    const slot = from.chunked(3);
    const to = from.bits(4);
    if (to > destination.far) from.fail();
    const shadow = table.get(slot);
    if (from.failed || shadow === null) return false;
    table.free(slot);
    listener.left(slot, shadow, to);
    return true;
  }

  #readEnter(from: BitReader, cell: CellKey, tick: number, table: SlotTable, listener: SectionListener): boolean {
    const slot = from.chunked(3);
    if (slot >= limits.slotsPerCell) from.fail();
    const id = from.chunked(7);
    const generation = from.chunked(4);
    const x = from.wide(this.#positionBits) - this.#slackMm + cellX(cell) * this.cellMm;
    const y = from.wide(this.#positionBits) - this.#slackMm + cellY(cell) * this.cellMm;
    const velocity = this.#readVelocity(from);
    const components: Raw[] = [];
    for (const codec of this.components) components.push(from.bit() ? codec.read(from) : codec.initial);
    if (from.failed) return false;
    const shadow: Shadow = {
      id,
      generation,
      tick,
      x,
      y,
      vx: this.#vxOf(velocity),
      vy: this.#vyOf(velocity),
      components,
    };
    const occupant = table.get(slot);
    if (occupant !== null) listener.left(slot, occupant, destination.gone);
    table.set(slot, shadow);
    listener.entered(slot, shadow);
    return occupant === null;
  }

  #readUpdates(from: BitReader, cell: CellKey, tick: number, table: SlotTable, listener: SectionListener): boolean {
    let agrees = true;
    let slot = -1;
    while (!from.failed && from.bit()) {
      slot = from.bit() ? slot + 1 : from.chunked(3);
      const shadow = table.get(slot);
      if (shadow === null) agrees = false;
      let moved = true;
      let changed = 0;
      if (this.components.length > 0 && !from.bit()) {
        moved = from.bit();
        for (let i = 0; i < this.components.length; i++) if (from.bit()) changed |= 1 << i;
      }
      if (moved) this.#readMove(from, cell, tick, shadow, listener);
      for (let i = 0; i < this.components.length; i++) {
        if ((changed & (1 << i)) === 0) continue;
        const raw = (this.components[i] as FieldCodec).read(from);
        if (shadow !== null && !from.failed) shadow.components[i] = raw;
      }
    }
    return agrees;
  }

  #readMove(from: BitReader, cell: CellKey, tick: number, shadow: Shadow | null, listener: SectionListener): void {
    const exact = from.bit();
    const velocity = this.#readVelocity(from);
    const vx = this.#vxOf(velocity);
    const vy = this.#vyOf(velocity);
    let x = 0;
    let y = 0;
    if (!exact) {
      x = from.wide(this.#positionBits) - this.#slackMm + cellX(cell) * this.cellMm;
      y = from.wide(this.#positionBits) - this.#slackMm + cellY(cell) * this.cellMm;
    } else if (shadow !== null) {
      x = predictedX(shadow, tick - 1) + vx;
      y = predictedY(shadow, tick - 1) + vy;
    }
    if (shadow === null || from.failed) return;
    listener.moving(shadow, tick, x, y, vx, vy);
    shadow.tick = tick;
    shadow.x = x;
    shadow.y = y;
    shadow.vx = vx;
    shadow.vy = vy;
  }
}
