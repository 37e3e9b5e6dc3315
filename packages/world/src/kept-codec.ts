import type { World } from '@lifeverse/definition';
import { ByteReader, ByteWriter, type FieldLayout, HEADING_STEPS, type Raw } from '@lifeverse/protocol';
import type { ComponentSlot, EntityStore } from './entity-store.ts';

/** How a value is kept: as what it means, not as this version of the world happens to number it. */
const kindOf = { bool: 1, number: 2, heading: 3, word: 4 } as const;
type Kept = boolean | number | string;

const MOST_FIELDS = 64;
const MOST_VALUE_BYTES = 4_096;

interface KeptSlot {
  readonly number: number;
  readonly slot: ComponentSlot;
}

/** What is kept of an avatar, and what came with it that this version of the world does not know. */
export interface KeptValues {
  readonly raws: readonly { readonly slot: ComponentSlot; readonly raw: Raw }[];
  /** To be handed on with `encode`, so that going back to an older version loses nothing. */
  readonly unknown: Uint8Array;
}

const nothing: KeptValues = { raws: [], unknown: new Uint8Array(0) };

/** Writes and reads components, each under its number: those that stay with a character (WO20), or all (WO51). */
export class KeptCodec {
  readonly #slots: readonly KeptSlot[];
  readonly #out = new ByteWriter(256);
  readonly #value = new ByteWriter(64);

  constructor(world: World, store: EntityStore, which: 'kept' | 'all') {
    this.#slots = world.layout.components
      .map(({ name, number }, index) => ({ name, number, slot: store.components[index] as ComponentSlot }))
      .filter(({ name }) => which === 'all' || world.kept.includes(name));
  }

  encode(store: EntityStore, row: number, unknown: Uint8Array = nothing.unknown): Uint8Array {
    const out = this.#out;
    const value = this.#value;
    out.reset();
    for (const { number, slot } of this.#slots) {
      value.reset();
      writeKept(value, slot.codec.layout, slot.codec.fromRaw(store.raw(row, slot)) as Kept);
      out.varint(number);
      out.blob(value.view());
    }
    out.octets(unknown);
    return out.bytes();
  }

  /** What does not fit this version any more is left out; bytes that are none keep nothing. */
  decode(bytes: Uint8Array): KeptValues {
    const from = new ByteReader(bytes);
    const raws: { slot: ComponentSlot; raw: Raw }[] = [];
    const unknown = new ByteWriter(16);
    for (let fields = 0; from.left > 0 && fields < MOST_FIELDS; fields++) {
      const number = from.varint();
      const value = from.blob(MOST_VALUE_BYTES);
      if (from.failed) return nothing;
      const slot = this.#slots.find((candidate) => candidate.number === number)?.slot;
      const kept = slot === undefined ? undefined : readKept(new ByteReader(value));
      const raw = slot === undefined || kept === undefined ? undefined : slot.codec.toRaw(kept);
      if (slot !== undefined && raw !== undefined) raws.push({ slot, raw });
      if (slot !== undefined) continue;
      unknown.varint(number);
      unknown.blob(value);
    }
    return { raws, unknown: unknown.bytes() };
  }
}

function writeKept(out: ByteWriter, layout: FieldLayout, value: Kept): void {
  if (typeof value === 'boolean') {
    out.u8(kindOf.bool);
    out.u8(value ? 1 : 0);
  } else if (typeof value === 'string') {
    out.u8(kindOf.word);
    out.text(value);
  } else if (layout.kind === 'heading') {
    out.u8(kindOf.heading);
    out.u16(Math.round((value / FULL_TURN) * HEADING_STEPS));
  } else {
    out.u8(kindOf.number);
    out.f64(value);
  }
}

const FULL_TURN = 6.283185307179586;

function readKept(from: ByteReader): Kept | undefined {
  const kind = from.u8();
  let value: Kept | undefined;
  if (kind === kindOf.bool) value = from.u8() === 1;
  else if (kind === kindOf.number) value = from.f64();
  else if (kind === kindOf.heading) value = (from.u16() / HEADING_STEPS) * FULL_TURN;
  else if (kind === kindOf.word) value = from.text(MOST_VALUE_BYTES);
  return from.failed || from.left > 0 ? undefined : value;
}
