import type { Raw } from '@lifeverse/protocol';
import type { ZoneCore } from '@lifeverse/world';

/** The world at the end of a tick, by row of the zone's store. */
export interface Snapshot {
  tick: number;
  /** Rows in use are below this; a row whose id is 0 is free. */
  end: number;
  id: Float64Array;
  x: Int32Array;
  y: Int32Array;
  cellX: Int32Array;
  cellY: Int32Array;
  audience: Uint8Array;
  /** What the entity's stream believes that its readers hold; the tick is -1 while nobody reads it. */
  shadowX: Int32Array;
  shadowY: Int32Array;
  shadowVx: Int32Array;
  shadowVy: Int32Array;
  shadowTick: Int32Array;
  /** Since which tick the entity is in its present cell and audience. */
  since: Int32Array;
  /** At which tick a public component last changed. */
  dressed: Int32Array;
}

export type ZoneStore = ZoneCore['store'];

const SPAN = 64;
const positions = ['id', 'x', 'y', 'cellX', 'cellY', 'audience'] as const;
const shadows = ['shadowX', 'shadowY', 'shadowVx', 'shadowVy', 'shadowTick'] as const;
const copied = [...positions, ...shadows];

function fresh(capacity: number): Snapshot {
  return {
    tick: -1,
    end: 0,
    id: new Float64Array(capacity),
    x: new Int32Array(capacity),
    y: new Int32Array(capacity),
    cellX: new Int32Array(capacity),
    cellY: new Int32Array(capacity),
    audience: new Uint8Array(capacity),
    shadowX: new Int32Array(capacity),
    shadowY: new Int32Array(capacity),
    shadowVx: new Int32Array(capacity),
    shadowVy: new Int32Array(capacity),
    shadowTick: new Int32Array(capacity),
    since: new Int32Array(capacity),
    dressed: new Int32Array(capacity),
  };
}

/** What truly was in the last seconds, read from the zone's own state and from no stream. */
export class TruthHistory {
  #snapshots: Snapshot[] = [];
  #capacity = 0;
  #generation = new Uint32Array(0);
  #id = new Float64Array(0);
  #since = new Int32Array(0);
  #dressed = new Int32Array(0);
  #components: Raw[][] = [];
  /** When entities ended that are gone. */
  readonly #gone = new Map<number, number>();
  #latest = -1;

  /** The last recorded tick. */
  get latest(): number {
    return this.#latest;
  }

  at(tick: number): Snapshot | undefined {
    const snapshot = this.#snapshots[tick % SPAN];
    return snapshot?.tick === tick ? snapshot : undefined;
  }

  /** The tick from which the entity was gone; undefined when it is not known to be. */
  goneAt(id: number): number | undefined {
    return this.#gone.get(id);
  }

  /** Another owner's world: nothing of the former holds. */
  clear(): void {
    this.#snapshots = [];
    this.#capacity = 0;
    this.#gone.clear();
  }

  record(store: ZoneStore, tick: number): void {
    if (store.end > this.#capacity) this.#grow(store);
    this.#latest = tick;
    this.#follow(store, tick);
    const at = tick % SPAN;
    this.#snapshots[at] ??= fresh(this.#capacity);
    const snapshot = this.#snapshots[at];
    const { end } = store;
    snapshot.tick = tick;
    snapshot.end = end;
    for (const column of copied) snapshot[column].set(store[column].subarray(0, end));
    snapshot.since.set(this.#since.subarray(0, end));
    snapshot.dressed.set(this.#dressed.subarray(0, end));
  }

  #grow(store: ZoneStore): void {
    const capacity = store.x.length;
    this.#capacity = capacity;
    this.#snapshots = [];
    this.#id = new Float64Array(capacity);
    this.#generation = new Uint32Array(capacity);
    this.#since = new Int32Array(capacity);
    this.#dressed = new Int32Array(capacity);
    this.#components = store.shared.map(() => []);
  }

  #follow(store: ZoneStore, tick: number): void {
    for (let row = 0; row < store.end; row++) {
      const id = store.id[row];
      if (id !== this.#id[row]) {
        if (this.#id[row] !== 0) this.#gone.set(this.#id[row], tick);
        this.#id[row] = id;
        this.#since[row] = tick;
        this.#generation[row] = store.generation[row];
      } else if (store.generation[row] !== this.#generation[row]) {
        this.#generation[row] = store.generation[row];
        this.#since[row] = tick;
      }
      if (id !== 0) this.#dress(store, row, tick);
    }
  }

  #dress(store: ZoneStore, row: number, tick: number): void {
    for (let i = 0; i < this.#components.length; i++) {
      const raw = store.shared[i][row];
      if (this.#components[i][row] === raw) continue;
      this.#components[i][row] = raw;
      this.#dressed[row] = tick;
    }
  }
}
