import { unreachable } from '@lifeverse/base';
import { ByteReader, ByteWriter, limits } from '@lifeverse/protocol';
import type { Dealt } from './dealings-context.ts';
import { readOutcome, writeOutcome } from './handover-state.ts';
import type { Told } from './rules-runner.ts';

/** What the owners of two zones have to say to each other about those who went from one to the other. */
export type NeighbourNote =
  /** An entity comes: as `encodeTraveller` has it. */
  | { readonly note: 'arrive'; readonly traveller: Uint8Array }
  /** An effect for somebody who is there by now. */
  | { readonly note: 'effect'; readonly told: Told }
  /** What a gateway said here, of a session that is there by now: an uplink. */
  | { readonly note: 'uplink'; readonly uplink: Uint8Array }
  /** What came of something that was asked for here. */
  | { readonly note: 'dealt'; readonly character: string; readonly dealt: Dealt }
  /** A checkpoint that was taken here could not be kept. */
  | { readonly note: 'freeze'; readonly character: string };

const kind = { arrive: 1, effect: 2, uplink: 3, dealt: 4, freeze: 5 } as const;
const CHARACTER_BYTES = 64;
const NAME_BYTES = 64;
const INPUT_BYTES = 16_384;

/** Throws a TypeError when an effect's input is nothing that JSON can say. */
export function encodeNeighbourNote(note: NeighbourNote): Uint8Array {
  const out = new ByteWriter(256);
  out.u8(kind[note.note]);
  switch (note.note) {
    case 'arrive':
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
      out.text(note.character);
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
    case kind.freeze:
      return { note: 'freeze', character: from.text(CHARACTER_BYTES) };
    default:
      return undefined;
  }
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
