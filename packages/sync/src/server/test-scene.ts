import { Random } from '@lifeverse/base';
import { BitReader, BitWriter, type FieldCodec, type Raw } from '@lifeverse/protocol';
import { expect } from 'vitest';
import {
  type CellKey,
  cellAlong,
  cellKey,
  predictedX,
  predictedY,
  SectionCodec,
  type SectionListener,
  type SectionResult,
  type Shadow,
  SlotTable,
} from '../common/index.ts';
import { testLayout } from '../common/test-layout.ts';
import { CellStream, type EntityColumns, type StreamReader } from './cell-stream.ts';

/** Cells a side; everybody moves among them. */
const SIDE = 3;
export const TOLERANCE_MM = testLayout.position.toleranceMm;

/** Somebody in a scene; the row is kept when one goes and another comes. */
interface Actor {
  readonly row: number;
  readonly random: Random;
  /** Does nothing but stand. */
  readonly idle: boolean;
  /** Goes to the second audience now and then, and comes back. */
  readonly hides: boolean;
  present: boolean;
  audience: number;
  cellX: number;
  cellY: number;
  stepX: number;
  stepY: number;
}

export interface Cast {
  readonly seed: number;
  readonly visible: number;
  /** In the second audience, for good. */
  readonly hidden?: number;
  readonly hiddenStand?: boolean;
}

/**
 * Entities that walk, turn, stop, jump, dash, come, go, change and hide among a few cells, as a zone would have them: the
 * truth, and the streams that tell of it. The same cast does the same; each acts by a random sequence of its own.
 */
export class Scene {
  readonly codec = new SectionCodec(testLayout);
  readonly columns: EntityColumns;
  readonly actors: Actor[] = [];
  tick = 1_000;
  readonly #streams = new Map<string, CellStream>();
  readonly #scratch = new BitWriter();
  readonly #cellMm = testLayout.cellSizeM * 1_000;

  constructor(cast: Cast) {
    const count = cast.visible + (cast.hidden ?? 0);
    this.columns = columnsFor(count, this.codec.components);
    for (let row = 0; row < count; row++) {
      const hidden = row >= cast.visible;
      const random = new Random(cast.seed * 1_000 + row);
      const idle = hidden && cast.hiddenStand === true;
      const audience = hidden ? 1 : 0;
      const hides = !hidden && row % 3 === 0;
      this.actors.push({ row, random, idle, hides, audience, present: false, cellX: 0, cellY: 0, stepX: 0, stepY: 0 });
      this.#come(this.actors[row] as Actor);
    }
  }

  stream(cell: CellKey, audience: number): CellStream {
    const key = `${cell}/${audience}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new CellStream(cell, audience, this.codec, TOLERANCE_MM, this.#scratch);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /** All cells that anybody can be in. */
  cells(): CellKey[] {
    const range = Array.from({ length: SIDE }, (_, i) => i);
    return range.flatMap((y) => range.map((x) => cellKey(x, y)));
  }

  inStream(cell: CellKey, audience: number): Actor[] {
    return this.actors.filter(
      (actor) => actor.present && actor.audience === audience && cellKey(actor.cellX, actor.cellY) === cell,
    );
  }

  /** One tick: everybody acts, everybody moves, and what changed is written. */
  play(): void {
    this.tick++;
    for (const actor of this.actors) if (!actor.idle) this.#act(actor);
    for (const stream of this.#streams.values()) stream.flush(this.columns, this.tick);
    this.columns.changed.fill(0);
  }

  #act(actor: Actor): void {
    const { random } = actor;
    const doing = random.below(200);
    if (!actor.present) {
      if (doing < 20) this.#come(actor);
      return;
    }
    if (doing === 0) this.#go(actor);
    else if (doing < 3) this.#jump(actor);
    else if (doing < 5 && actor.hides) this.#hide(actor, 1);
    else if (doing < 40 && actor.hides) this.#hide(actor, 0);
    else if (doing < 55) this.#turn(actor, 400);
    else if (doing < 57) this.#turn(actor, 900);
    else if (doing < 62) actor.stepX = actor.stepY = 0;
    else if (doing < 72) this.#change(actor);
    if (actor.present) this.#move(actor);
  }

  #come(actor: Actor): void {
    const { columns } = this;
    const { row } = actor;
    actor.present = true;
    // Never one again; every fourth one is beyond 32 bits. Nobody's depends on who else came.
    columns.id[row] =
      (columns.id[row] as number) + 1_000 + (columns.id[row] === 0 ? row : 0) + (row % 4 === 3 ? 2 ** 33 : 0);
    columns.generation[row] = 1;
    for (const [i, codec] of this.codec.components.entries()) (columns.shared[i] as Raw[])[row] = codec.initial;
    this.#place(actor);
    actor.cellX = Math.floor((columns.x[row] as number) / this.#cellMm);
    actor.cellY = Math.floor((columns.y[row] as number) / this.#cellMm);
    this.#streamOf(actor).enter(row);
  }

  #place({ row, random }: Actor): void {
    this.columns.x[row] = random.below(SIDE * this.#cellMm);
    this.columns.y[row] = random.below(SIDE * this.#cellMm);
    this.columns.vx[row] = this.columns.vy[row] = 0;
  }

  #go(actor: Actor): void {
    this.#streamOf(actor).leave(actor.row, null);
    actor.present = false;
  }

  #jump(actor: Actor): void {
    this.#place(actor);
    actor.stepX = actor.stepY = 0;
  }

  #hide(actor: Actor, audience: number): void {
    if (actor.audience === audience) return;
    this.#streamOf(actor).leave(actor.row, null);
    actor.audience = audience;
    this.#again(actor);
  }

  #turn(actor: Actor, most: number): void {
    actor.stepX = actor.random.below(2 * most + 1) - most;
    actor.stepY = actor.random.below(2 * most + 1) - most;
  }

  #change({ row, random }: Actor): void {
    const values = [random.below(3), random.pick(['', 'Sir', '\u00c9l\u00e9onore']), random.below(2 ** 31) * 7];
    const i = random.below(values.length);
    (this.columns.shared[i] as Raw[])[row] = values[i] as Raw;
    this.columns.changed[row] = (this.columns.changed[row] as number) | (1 << i);
  }

  #move(actor: Actor): void {
    const { columns } = this;
    const { row } = actor;
    const most = SIDE * this.#cellMm - 1;
    const x = columns.x[row] as number;
    const y = columns.y[row] as number;
    columns.x[row] = Math.max(0, Math.min(most, x + actor.stepX));
    columns.y[row] = Math.max(0, Math.min(most, y + actor.stepY));
    columns.vx[row] = (columns.x[row] as number) - x;
    columns.vy[row] = (columns.y[row] as number) - y;
    const cellX = cellAlong(columns.x[row] as number, this.#cellMm, actor.cellX);
    const cellY = cellAlong(columns.y[row] as number, this.#cellMm, actor.cellY);
    if (cellX === actor.cellX && cellY === actor.cellY) return;
    this.#streamOf(actor).leave(row, cellKey(cellX, cellY));
    actor.cellX = cellX;
    actor.cellY = cellY;
    this.#again(actor);
  }

  #again(actor: Actor): void {
    const { generation } = this.columns;
    generation[actor.row] = (generation[actor.row] as number) + 1;
    this.#streamOf(actor).enter(actor.row);
  }

  #streamOf(actor: Actor): CellStream {
    return this.stream(cellKey(actor.cellX, actor.cellY), actor.audience);
  }
}

export function columnsFor(count: number, components: readonly FieldCodec[]): EntityColumns {
  const integers = (): Int32Array => new Int32Array(count);
  return {
    x: integers(),
    y: integers(),
    vx: integers(),
    vy: integers(),
    id: new Float64Array(count),
    generation: new Uint32Array(count),
    changed: new Uint32Array(count),
    shared: components.map((codec) => new Array<Raw>(count).fill(codec.initial)),
    shadowX: integers(),
    shadowY: integers(),
    shadowVx: integers(),
    shadowVy: integers(),
    shadowTick: integers().fill(-1),
  };
}

const deaf: SectionListener = { entered() {}, left() {}, moving() {} };

/** Reads one section into a table. */
export function readInto(
  codec: SectionCodec,
  cell: CellKey,
  tick: number,
  bytes: Uint8Array,
  table: SlotTable,
): SectionResult {
  return codec.read(new BitReader(bytes), cell, tick, table, deaf);
}

/** Everything a table says of a tick, for comparison: two that agree predict the same, whenever they heard it. */
export function contents(table: SlotTable, tick: number): object[] {
  return table.slots.map((shadow, slot) => ({ slot, ...(shadow === null ? {} : predicted(shadow, tick)) }));
}

function predicted(shadow: Shadow, tick: number): object {
  const { id, generation, vx, vy, components } = shadow;
  return { id, generation, x: predictedX(shadow, tick), y: predictedY(shadow, tick), vx, vy, components };
}

/** A reader that keeps what it holds of one stream, as a gateway and a client together do. */
export class Follower implements StreamReader {
  table = new SlotTable();
  /** Null: it waits for a keyframe. */
  sequence: number | null = null;
  keysTaken = 0;
  readonly cell: CellKey;
  readonly stream: CellStream;
  readonly #codec: SectionCodec;
  #sections: { readonly key: boolean; readonly bytes: Uint8Array }[] = [];
  #head = 0;

  constructor(scene: Scene, cell: CellKey, audience: number) {
    this.cell = cell;
    this.#codec = scene.codec;
    this.stream = scene.stream(cell, audience);
    this.stream.subscribe(this, 0);
  }

  section(_slot: number, key: boolean, bytes: Uint8Array): void {
    this.#sections.push({ key, bytes: bytes.slice() });
  }

  head(_slot: number, sequence: number): void {
    this.#head = sequence;
  }

  /** This tick's keyframe, if one came. */
  get keyframe(): Uint8Array | undefined {
    return this.#sections.find((section) => section.key)?.bytes;
  }

  /** Takes what came in this tick, or loses it. Returns what reading a change said; undefined when none was read. */
  settle(tick: number, lost: boolean): SectionResult | undefined {
    const sections = this.#sections;
    this.#sections = [];
    if (lost) return undefined;
    let result: SectionResult | undefined;
    const change = sections.find((section) => !section.key);
    if (this.sequence !== null && change !== undefined && this.#head === this.sequence + 1) {
      result = readInto(this.#codec, this.cell, tick, change.bytes, this.table);
      this.sequence = this.#head;
    }
    if (this.sequence !== this.#head) this.#takeKey(tick, sections.find((section) => section.key)?.bytes);
    return result;
  }

  #takeKey(tick: number, key: Uint8Array | undefined): void {
    this.sequence = null;
    if (key === undefined) {
      this.stream.wantKey(this);
      return;
    }
    this.table = new SlotTable();
    expect(readInto(this.#codec, this.cell, tick, key, this.table)).toBe('ok');
    this.sequence = this.#head;
    this.keysTaken++;
  }
}
