import { assert } from '@lifeverse/base';
import { compileField, type FieldCodec, type Raw, type WorldLayout } from '@lifeverse/protocol';
import type { EntityColumns } from '@lifeverse/sync/server';

/** One component's place: which list of columns, and its index (and dirty bit) there. */
export interface ComponentSlot {
  readonly name: string;
  readonly codec: FieldCodec;
  readonly audience: 'all' | 'owner';
  readonly index: number;
}

/**
 * Every entity of a zone in columns: numbers in typed arrays, the rest in plain ones. A row is reused after its entity
 * is gone, an identity never; `rowOf` finds the row of an identity.
 */
export class EntityStore implements EntityColumns {
  x = new Int32Array(0);
  y = new Int32Array(0);
  vx = new Int32Array(0);
  vy = new Int32Array(0);
  /** Position at the end of the last tick. */
  lastX = new Int32Array(0);
  lastY = new Int32Array(0);
  id = new Float64Array(0);
  generation = new Uint32Array(0);
  changed = new Uint32Array(0);
  /** Components that only the owner sees, written since the owner was told. */
  changedOwned = new Uint32Array(0);
  shadowX = new Int32Array(0);
  shadowY = new Int32Array(0);
  shadowVx = new Int32Array(0);
  shadowVy = new Int32Array(0);
  shadowTick = new Int32Array(0);
  cellX = new Int32Array(0);
  cellY = new Int32Array(0);
  kind = new Uint16Array(0);
  /** 0 is everyone. */
  audience = new Uint8Array(0);
  readonly shared: Raw[][];
  readonly owned: Raw[][];
  /** The predicted input that drives the entity, as its step receives it; null: it stands. */
  readonly held: (object | null)[] = [];
  /** Private to the rules, by row. */
  readonly memory: (Record<string, unknown> | null)[] = [];
  readonly components: readonly ComponentSlot[];
  readonly kinds: string[] = ['player'];
  /** Rows in use are below this; some of them may be free. */
  end = 0;
  #free: number[] = [];
  #capacity = 0;
  readonly #rowOf = new Map<number, number>();
  #nextId: number;
  readonly #endId: number;

  /** Identities are drawn from `firstId` on, and end before `endId`. */
  constructor(layout: WorldLayout, firstId: number, endId: number) {
    assert(Number.isSafeInteger(endId), 'epochs have used up all identities');
    this.#nextId = firstId;
    this.#endId = endId;
    let shared = 0;
    let owned = 0;
    this.components = layout.components.map((component) => ({
      name: component.name,
      codec: compileField(component.field),
      audience: component.audience,
      index: component.audience === 'all' ? shared++ : owned++,
    }));
    this.shared = Array.from({ length: shared }, () => []);
    this.owned = Array.from({ length: owned }, () => []);
  }

  get count(): number {
    return this.#rowOf.size;
  }

  rowOf(id: number): number | undefined {
    return this.#rowOf.get(id);
  }

  kindIndex(kind: string): number {
    const known = this.kinds.indexOf(kind);
    return known >= 0 ? known : this.kinds.push(kind) - 1;
  }

  add(kind: string, x: number, y: number): number {
    // Until the server is started anew, by a later epoch.
    assert(this.#nextId < this.#endId, 'the owner of this zone has used up its identities');
    const row = this.#freeRow();
    this.#fill(row, kind, x, y);
    const id = this.#nextId++;
    this.id[row] = id;
    this.generation[row] = 1;
    this.#rowOf.set(id, row);
    return row;
  }

  #freeRow(): number {
    const row = this.#free.pop() ?? this.end;
    if (row === this.end) {
      if (row === this.#capacity) this.#grow();
      this.end++;
    }
    return row;
  }

  #fill(row: number, kind: string, x: number, y: number): void {
    this.x[row] = this.lastX[row] = x;
    this.y[row] = this.lastY[row] = y;
    this.vx[row] = this.vy[row] = 0;
    this.changed[row] = 0;
    this.changedOwned[row] = 0;
    this.audience[row] = 0;
    this.shadowTick[row] = -1;
    this.kind[row] = this.kindIndex(kind);
    this.held[row] = null;
    this.memory[row] = null;
    for (const { audience, index, codec } of this.components) {
      ((audience === 'all' ? this.shared : this.owned)[index] as Raw[])[row] = codec.initial;
    }
  }

  /** An entity of another owner, under its own identity. */
  adopt(kind: string, x: number, y: number, id: number, generation: number): number {
    const row = this.#freeRow();
    this.#fill(row, kind, x, y);
    this.id[row] = id;
    this.generation[row] = generation;
    this.#rowOf.set(id, row);
    return row;
  }

  remove(row: number): void {
    this.#rowOf.delete(this.id[row] as number);
    this.id[row] = 0;
    this.held[row] = null;
    this.memory[row] = null;
    this.#free.push(row);
  }

  raw(row: number, component: ComponentSlot): Raw {
    return ((component.audience === 'all' ? this.shared : this.owned)[component.index] as Raw[])[row] as Raw;
  }

  setRaw(row: number, component: ComponentSlot, raw: Raw): void {
    const column = (component.audience === 'all' ? this.shared : this.owned)[component.index] as Raw[];
    if (column[row] === raw) return;
    column[row] = raw;
    const dirty = component.audience === 'all' ? this.changed : this.changedOwned;
    dirty[row] = (dirty[row] as number) | (1 << component.index);
  }

  #grow(): void {
    this.#capacity = Math.max(256, this.#capacity * 2);
    const larger = <T extends { set(other: T): void }>(make: new (length: number) => T, old: T): T => {
      const next = new make(this.#capacity);
      next.set(old);
      return next;
    };
    this.x = larger(Int32Array, this.x);
    this.y = larger(Int32Array, this.y);
    this.vx = larger(Int32Array, this.vx);
    this.vy = larger(Int32Array, this.vy);
    this.lastX = larger(Int32Array, this.lastX);
    this.lastY = larger(Int32Array, this.lastY);
    this.id = larger(Float64Array, this.id);
    this.generation = larger(Uint32Array, this.generation);
    this.changed = larger(Uint32Array, this.changed);
    this.changedOwned = larger(Uint32Array, this.changedOwned);
    this.shadowX = larger(Int32Array, this.shadowX);
    this.shadowY = larger(Int32Array, this.shadowY);
    this.shadowVx = larger(Int32Array, this.shadowVx);
    this.shadowVy = larger(Int32Array, this.shadowVy);
    this.shadowTick = larger(Int32Array, this.shadowTick);
    this.cellX = larger(Int32Array, this.cellX);
    this.cellY = larger(Int32Array, this.cellY);
    this.kind = larger(Uint16Array, this.kind);
    this.audience = larger(Uint8Array, this.audience);
  }
}
