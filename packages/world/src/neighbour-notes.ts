import { unreachable } from '@lifeverse/base';
import { ByteReader, ByteWriter, limits } from '@lifeverse/protocol';
import type { Dealt } from './dealings-context.ts';
import type { GhostTraits } from './ghosts.ts';
import { readOutcome, writeOutcome } from './handover-state.ts';
import type { Told } from './rules-runner.ts';
import { readDeal, readTable, writeTradeNote } from './trade-notes.ts';
import type { TradeNote } from './trading.ts';

/** An entity that a zone has, or that went from it lately, as another zone's new owner is told of it. */
export interface Rolled {
  readonly entity: number;
  readonly generation: number;
  /** Where it is, as far as is known. */
  readonly zone: number;
  /** Of an avatar. */
  readonly character: string | null;
  readonly incarnation: number;
  readonly handovers: number;
}

/** What the owners of two zones have to say to each other about those who went from one to the other. */
export type NeighbourNote =
  /** An entity comes: as `encodeTraveller` has it. */
  | { readonly note: 'arrive'; readonly traveller: Uint8Array }
  /** An entity that went there a moment ago, for an owner that took over since. */
  | { readonly note: 'dormant'; readonly traveller: Uint8Array }
  /** An effect for somebody who is there by now. */
  | { readonly note: 'effect'; readonly told: Told }
  /** What a gateway said here, of a session that is there by now: an uplink. */
  | { readonly note: 'uplink'; readonly uplink: Uint8Array }
  /** What came of something that was asked for here. */
  | { readonly note: 'dealt'; readonly character: string; readonly dealt: Dealt }
  /** What are these entities of yours, that are seen from here? */
  | { readonly note: 'who'; readonly ids: readonly number[] }
  | { readonly note: 'are'; readonly all: readonly GhostTraits[] }
  /** What a character of yours has was changed by the journal, on behalf of somebody here. */
  | { readonly note: 'changed'; readonly character: string }
  | TradeNote
  /** A checkpoint that was taken here could not be kept. */
  | { readonly note: 'freeze'; readonly character: string }
  /** Cells are had here as in the arrangement of that generation. */
  | { readonly note: 'arranged'; readonly generation: number }
  /** Nobody stands here any more in cells which are yours since the arrangement of that generation. */
  | { readonly note: 'ceded'; readonly generation: number }
  /** Who is here, for a new owner; `last`: that is all. */
  | { readonly note: 'roll'; readonly rolled: readonly Rolled[]; readonly last: boolean };

const kind = {
  arrive: 1,
  effect: 2,
  uplink: 3,
  dealt: 4,
  freeze: 5,
  who: 6,
  are: 7,
  changed: 8,
  trade: 9,
  deal: 10,
  table: 11,
  roll: 12,
  arranged: 13,
  ceded: 14,
  dormant: 15,
} as const;
/** Of one note: well below what one may have. */
export const ROLLED_PER_NOTE = 256;
const CHARACTER_BYTES = 64;
const NAME_BYTES = 64;
const INPUT_BYTES = 16_384;
/** Entities of one note. */
const MOST = 1_000;

/** Throws a TypeError when an effect's input is nothing that JSON can say. */
export function encodeNeighbourNote(note: NeighbourNote): Uint8Array {
  const out = new ByteWriter(256);
  out.u8(kind[note.note]);
  switch (note.note) {
    case 'arrive':
    case 'dormant':
      out.octets(note.traveller);
      break;
    case 'effect':
      out.varint(note.told.from);
      out.varint(note.told.to);
      out.text(note.told.effect);
      out.text(JSON.stringify(note.told.input));
      break;
    case 'uplink':
      out.octets(note.uplink);
      break;
    case 'dealt':
      out.text(note.character);
      out.octets(note.dealt.key);
      out.u8(note.dealt.final ? 1 : 0);
      writeOutcome(out, note.dealt.outcome);
      break;
    case 'freeze':
    case 'changed':
      out.text(note.character);
      break;
    case 'trade':
    case 'deal':
    case 'table':
      writeTradeNote(out, note);
      break;
    case 'who':
      out.varint(note.ids.length);
      for (const id of note.ids) out.varint(id);
      break;
    case 'are':
      out.varint(note.all.length);
      for (const traits of note.all) writeTraits(out, traits);
      break;
    case 'arranged':
    case 'ceded':
      out.varint(note.generation);
      break;
    case 'roll':
      out.u8(note.last ? 1 : 0);
      for (const rolled of note.rolled) writeRolled(out, rolled);
      break;
    default:
      unreachable(note);
  }
  return out.bytes();
}

/** Undefined when the bytes are no note, or one of a later version. */
export function decodeNeighbourNote(bytes: Uint8Array): NeighbourNote | undefined {
  const from = new ByteReader(bytes);
  const note = readNote(from);
  return note === undefined || from.failed || from.left > 0 ? undefined : note;
}

function readNote(from: ByteReader): NeighbourNote | undefined {
  switch (from.u8()) {
    case kind.arrive:
      return { note: 'arrive', traveller: from.octets(from.left) };
    case kind.dormant:
      return { note: 'dormant', traveller: from.octets(from.left) };
    case kind.effect: {
      const [by, to, effect] = [from.varint(), from.varint(), from.text(NAME_BYTES)];
      const input = objectOf(from.text(INPUT_BYTES));
      return input === undefined ? undefined : { note: 'effect', told: { from: by, to, effect, input } };
    }
    case kind.uplink:
      return { note: 'uplink', uplink: from.octets(from.left) };
    case kind.dealt: {
      const character = from.text(CHARACTER_BYTES);
      const [key, final] = [from.octets(limits.keyBytes).slice(), from.u8() === 1];
      return { note: 'dealt', character, dealt: { key, final, outcome: readOutcome(from) } };
    }
    case kind.who:
      return { note: 'who', ids: readMany(from, () => from.varint()) };
    case kind.are:
      return { note: 'are', all: readMany(from, readTraits) };
    case kind.trade:
      return { note: 'trade', character: from.text(CHARACTER_BYTES), entity: from.varint(), partner: from.varint() };
    case kind.deal:
      return readDeal(from);
    case kind.table:
      return readTable(from);
    case kind.changed:
      return { note: 'changed', character: from.text(CHARACTER_BYTES) };
    case kind.freeze:
      return { note: 'freeze', character: from.text(CHARACTER_BYTES) };
    case kind.arranged:
      return { note: 'arranged', generation: from.varint() };
    case kind.ceded:
      return { note: 'ceded', generation: from.varint() };
    case kind.roll: {
      const last = from.u8() === 1;
      const rolled: Rolled[] = [];
      while (from.left > 0 && !from.failed) rolled.push(readRolled(from));
      return { note: 'roll', rolled, last };
    }
    default:
      return undefined;
  }
}

function writeTraits(to: ByteWriter, { id, kind: what, character }: GhostTraits): void {
  to.varint(id);
  to.text(what);
  to.text(character);
}

function readTraits(from: ByteReader): GhostTraits {
  return { id: from.varint(), kind: from.text(NAME_BYTES), character: from.text(CHARACTER_BYTES) };
}

function readMany<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  const count = from.varint();
  if (count > MOST) from.fail();
  const all: T[] = [];
  for (let i = 0; i < count && !from.failed; i++) all.push(read(from));
  return all;
}

function writeRolled(out: ByteWriter, { entity, generation, zone, character, incarnation, handovers }: Rolled): void {
  for (const number of [entity, generation, zone, incarnation, handovers]) out.varint(number);
  out.text(character ?? '');
}

function readRolled(from: ByteReader): Rolled {
  const [entity, generation, zone] = [from.varint(), from.varint(), from.varint()];
  const [incarnation, handovers] = [from.varint(), from.varint()];
  const character = from.text(CHARACTER_BYTES);
  return { entity, generation, zone, incarnation, handovers, character: character === '' ? null : character };
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
