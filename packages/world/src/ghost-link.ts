import { type Bundle, type BundleSection, UplinkWriter, type WantedStream } from '@lifeverse/contracts';
import { BitReader } from '@lifeverse/protocol';
import { type CellKey, type SectionCodec, type SectionListener, type Shadow, SlotTable } from '@lifeverse/sync/common';

/** Something is said at least so often: who is silent is forgotten. */
const ALIVE_MS = 1_000;
/** An interest that was not answered, and a keyframe that did not come, are asked for again. */
const ANSWER_MS = 250;

interface GhostCell {
  readonly cell: CellKey;
  table: SlotTable;
  /** Modulo 256; null: a keyframe is awaited. */
  sequence: number | null;
  askedMs: number;
}

export interface GhostLinkParts {
  /** As whom this zone reads the other. */
  readonly reader: string;
  /** Of this zone's owner. */
  readonly epoch: number;
  readonly codec: SectionCodec;
  /** Takes the bytes for good. */
  send(bytes: Uint8Array): void;
}

const deaf: SectionListener = { entered() {}, left() {}, moving() {} };

/** What this zone reads of one other: the streams of the cells beside the border, as any reader gets them (WO57). */
export class GhostLink {
  heardMs = Number.NEGATIVE_INFINITY;
  readonly #parts: GhostLinkParts;
  readonly #writer: UplinkWriter;
  #cells: GhostCell[] = [];
  /** By cell; of those that are followed or were. */
  #byCell = new Map<CellKey, GhostCell>();
  #epoch = 0;
  #since = 0;
  #tick = 0;
  #version = 0;
  #answered = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(parts: GhostLinkParts) {
    this.#parts = parts;
    this.#writer = new UplinkWriter(parts.reader, parts.epoch);
  }

  /** These cells from now on; what is followed of them already goes on once the other has heard it. */
  want(cells: readonly CellKey[]): void {
    const wanted = cells.map((cell) => this.#byCell.get(cell) ?? fresh(cell));
    this.#cells = wanted;
    this.#byCell = new Map(wanted.map((each) => [each.cell, each]));
    this.#version++;
    this.#askedMs = Number.NEGATIVE_INFINITY;
  }

  get empty(): boolean {
    return this.#cells.length === 0;
  }

  /** Who is in that cell, as far as is known. */
  *inCell(cell: CellKey): Generator<Shadow> {
    for (const shadow of this.#byCell.get(cell)?.table.slots ?? []) if (shadow !== null) yield shadow;
  }

  *all(): Generator<Shadow> {
    for (const { cell } of this.#cells) yield* this.inCell(cell);
  }

  /** The other's owner fell silent: nobody knows who is there. */
  forget(): void {
    for (const each of this.#cells) Object.assign(each, fresh(each.cell));
  }

  bundle(bundle: Bundle, nowMs: number): void {
    if (bundle.epoch < this.#epoch || (bundle.epoch === this.#epoch && bundle.tick <= this.#tick)) return;
    this.heardMs = nowMs;
    if (bundle.epoch > this.#epoch || bundle.since !== this.#since)
      for (const each of this.#cells) each.sequence = null;
    this.#epoch = bundle.epoch;
    this.#since = bundle.since;
    this.#tick = bundle.tick;
    this.#answered = bundle.interestVersion;
    if (this.#answered !== this.#version) return;
    for (const section of bundle.sections) this.#section(bundle, section);
    this.#cells.forEach((each, slot) => {
      if (each.sequence !== null && each.sequence !== bundle.heads[slot]) each.sequence = null;
    });
  }

  #section({ bytes, heads, tick }: Bundle, { slot, key, start, end }: BundleSection): void {
    const each = this.#cells[slot];
    const head = heads[slot];
    if (each === undefined || head === undefined) return;
    if (key) each.table = new SlotTable();
    else if (each.sequence === null || head !== ((each.sequence + 1) & 0xff)) {
      each.sequence = null;
      return;
    }
    const from = new BitReader(bytes.subarray(start, end));
    const result = this.#parts.codec.read(from, each.cell, tick, each.table, deaf);
    each.sequence = result === 'ok' ? head : null;
  }

  /** Says what there is to say; once a tick. */
  flush(nowMs: number): void {
    if (this.#answered !== this.#version && nowMs - this.#askedMs >= ANSWER_MS) this.#sayAll(nowMs);
    else this.#askKeys(nowMs);
    if (this.#writer.empty && nowMs - this.#saidMs < ALIVE_MS) return;
    this.#saidMs = nowMs;
    this.#parts.send(this.#writer.take());
  }

  #sayAll(nowMs: number): void {
    this.#version++;
    this.#askedMs = nowMs;
    const add: WantedStream[] = this.#cells.map(({ cell }, slot) => ({ slot, cell, audience: 0 }));
    this.#writer.add({ op: 'interest', version: this.#version, base: 0, add, drop: [] });
    // All of them are keyed with it.
    for (const each of this.#cells) each.askedMs = nowMs;
  }

  #askKeys(nowMs: number): void {
    this.#cells.forEach((each, slot) => {
      if (each.sequence !== null || nowMs - each.askedMs < ANSWER_MS) return;
      each.askedMs = nowMs;
      this.#writer.add({ op: 'key', slot });
    });
  }
}

const fresh = (cell: CellKey): GhostCell => ({
  cell,
  table: new SlotTable(),
  sequence: null,
  askedMs: Number.NEGATIVE_INFINITY,
});
