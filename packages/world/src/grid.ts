import { BitWriter, type WorldLayout } from '@lifeverse/protocol';
import { type CellKey, cellAlong, cellKey, SectionCodec } from '@lifeverse/sync/common';
import { CellStream } from '@lifeverse/sync/server';
import type { EntityStore } from './entity-store.ts';

const AUDIENCES = 8;

/** The cells of a zone: a stream for every (cell, audience) that holds somebody or is read by somebody. */
export class Grid {
  readonly cellMm: number;
  readonly #streams = new Map<number, CellStream>();
  readonly #codec: SectionCodec;
  readonly #toleranceMm: number;
  readonly #scratch = new BitWriter(4_096);

  constructor(layout: WorldLayout) {
    this.#codec = new SectionCodec(layout);
    this.cellMm = this.#codec.cellMm;
    this.#toleranceMm = layout.position.toleranceMm;
  }

  get streams(): Iterable<CellStream> {
    return this.#streams.values();
  }

  /** Cells that hold or are read. */
  get size(): number {
    return this.#streams.size;
  }

  stream(cell: CellKey, audience: number): CellStream {
    const key = cell * AUDIENCES + audience;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new CellStream(cell, audience, this.#codec, this.#toleranceMm, this.#scratch);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  cellAt(store: EntityStore, row: number): CellKey {
    return cellKey(store.cellX[row] as number, store.cellY[row] as number);
  }

  /** Puts a new entity, or one that changed its audience, into the stream of where it stands. */
  place(store: EntityStore, row: number): void {
    store.cellX[row] = Math.floor((store.x[row] as number) / this.cellMm);
    store.cellY[row] = Math.floor((store.y[row] as number) / this.cellMm);
    this.stream(this.cellAt(store, row), store.audience[row] as number).enter(row);
  }

  take(store: EntityStore, row: number): void {
    this.stream(this.cellAt(store, row), store.audience[row] as number).leave(row, null);
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
    this.stream(cellKey(oldX, oldY), audience).leave(row, to);
    store.cellX[row] = newX;
    store.cellY[row] = newY;
    store.generation[row] = (store.generation[row] as number) + 1;
    this.stream(to, audience).enter(row);
    return true;
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
    for (const [key, stream] of this.#streams) {
      bytes += stream.flush(store, tick);
      if (stream.idle) this.#streams.delete(key);
    }
    return bytes;
  }
}
