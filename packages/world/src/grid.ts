import { BitWriter, type WorldLayout } from '@lifeverse/protocol';
import { type CellKey, cellAlong, cellKey, cellX, cellY, SectionCodec } from '@lifeverse/sync/common';
import { CellStream } from '@lifeverse/sync/server';
import type { EntityStore } from './entity-store.ts';

const AUDIENCES = 8;

/** The cells of a zone: a stream for every (cell, audience) that holds somebody or is read by somebody. */
export class Grid {
  readonly cellMm: number;
  readonly #streams = new Map<number, CellStream>();
  /** The stream of each row's entity. */
  readonly #streamOf: (CellStream | undefined)[] = [];
  #marked: CellStream[] = [];
  readonly #codec: SectionCodec;
  readonly #toleranceMm: number;
  readonly #scratch = new BitWriter(4_096);
  #isSilent: (cellX: number, cellY: number) => boolean = () => false;

  constructor(layout: WorldLayout) {
    this.#codec = new SectionCodec(layout);
    this.cellMm = this.#codec.cellMm;
    this.#toleranceMm = layout.position.toleranceMm;
  }

  /** Cells that hold or are read. */
  get size(): number {
    return this.#streams.size;
  }

  stream(cell: CellKey, audience: number): CellStream {
    const key = cell * AUDIENCES + audience;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new CellStream(cell, audience, this.#codec, this.#toleranceMm, this.#scratch, (marked) =>
        this.#marked.push(marked),
      );
      stream.silent = this.#isSilent(cellX(cell), cellY(cell));
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /** Of these cells nothing is told from now on, and of all others everything. */
  silence(isSilent: (cellX: number, cellY: number) => boolean): void {
    this.#isSilent = isSilent;
    for (const stream of this.#streams.values()) stream.silent = isSilent(cellX(stream.cell), cellY(stream.cell));
  }

  cellAt(store: EntityStore, row: number): CellKey {
    return cellKey(store.cellX[row] as number, store.cellY[row] as number);
  }

  /** Puts a new entity into the stream of where it stands. */
  place(store: EntityStore, row: number): void {
    store.cellX[row] = Math.floor((store.x[row] as number) / this.cellMm);
    store.cellY[row] = Math.floor((store.y[row] as number) / this.cellMm);
    this.#enter(store, row, this.stream(this.cellAt(store, row), store.audience[row] as number));
  }

  #enter(store: EntityStore, row: number, stream: CellStream): void {
    this.#streamOf[row] = stream;
    store.shadowTick[row] = -1;
    stream.enter(row);
  }

  take(row: number): void {
    this.#streamOf[row]?.leave(row, null);
    this.#streamOf[row] = undefined;
  }

  /** Puts the entity into the stream of another audience; it stays in the cell it is in. */
  changeAudience(store: EntityStore, row: number, audience: number): void {
    this.#streamOf[row]?.leave(row, null);
    store.audience[row] = audience;
    store.generation[row] = (store.generation[row] as number) + 1;
    this.#enter(store, row, this.stream(this.cellAt(store, row), audience));
  }

  /** Moves the entity to the cell it stands in now; true when that is another one. */
  move(store: EntityStore, row: number): boolean {
    const oldX = store.cellX[row] as number;
    const oldY = store.cellY[row] as number;
    const newX = cellAlong(store.x[row] as number, this.cellMm, oldX);
    const newY = cellAlong(store.y[row] as number, this.cellMm, oldY);
    if (newX === oldX && newY === oldY) return false;
    const audience = store.audience[row] as number;
    const to = cellKey(newX, newY);
    this.#streamOf[row]?.leave(row, to);
    store.cellX[row] = newX;
    store.cellY[row] = newY;
    store.generation[row] = (store.generation[row] as number) + 1;
    this.#enter(store, row, this.stream(to, audience));
    return true;
  }

  /** Marks the stream of an entity that its receivers would have wrong, or that was changed. */
  check(store: EntityStore, row: number, tick: number): void {
    const since = store.shadowTick[row] as number;
    if (since < 0) return;
    const ticks = tick - since;
    const dx = (store.x[row] as number) - (store.shadowX[row] as number) - (store.shadowVx[row] as number) * ticks;
    const dy = (store.y[row] as number) - (store.shadowY[row] as number) - (store.shadowVy[row] as number) * ticks;
    if (dx * dx + dy * dy > this.#toleranceMm * this.#toleranceMm || store.changed[row] !== 0)
      this.#streamOf[row]?.mark();
  }

  /** Rows that everyone may see, within millimetres of a place. */
  *near(store: EntityStore, x: number, y: number, radiusMm: number): Generator<number> {
    const slack = radiusMm + 1_000;
    const squared = radiusMm * radiusMm;
    for (let cy = Math.floor((y - slack) / this.cellMm); cy <= Math.floor((y + slack) / this.cellMm); cy++) {
      for (let cx = Math.floor((x - slack) / this.cellMm); cx <= Math.floor((x + slack) / this.cellMm); cx++) {
        const stream = this.#streams.get(cellKey(cx, cy) * AUDIENCES);
        if (stream === undefined) continue;
        for (const row of stream.rows) {
          const dx = (store.x[row] as number) - x;
          const dy = (store.y[row] as number) - y;
          if (dx * dx + dy * dy <= squared) yield row;
        }
      }
    }
  }

  /** Writes the tick's changes to all readers; returns how many bytes of change there were. */
  flush(store: EntityStore, tick: number): number {
    let bytes = 0;
    const marked = this.#marked;
    this.#marked = [];
    for (const stream of marked) {
      bytes += stream.flush(store, tick);
      if (stream.idle) this.#streams.delete(stream.cell * AUDIENCES + stream.audience);
    }
    return bytes;
  }
}
