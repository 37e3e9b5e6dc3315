import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/**
 * What the owner of one zone says to that of another. Notes are numbered from 1 for each pair of owners: each counts once, in
 * its order, and is said again until it is acknowledged.
 */
export interface NeighbourMessage {
  /** The zone that speaks, and the epoch of its owner. */
  readonly zone: number;
  readonly epoch: number;
  /** To which owner of the other zone this is said, as far as the speaker knows; 0: it has heard of none. */
  readonly toEpoch: number;
  /** The speaker has taken all notes of the other up to this one. */
  readonly heard: number;
  /** The number of the first note here; the others follow. */
  readonly first: number;
  /** Known to zones alone. */
  readonly notes: readonly Uint8Array[];
}

export const neighbourLimits = {
  /** One note, bytes: an avatar with all that it takes along. */
  noteBytes: 65_536,
  /** Of one message. */
  notes: 4_096,
} as const;

const KIND = 0x6e;

export function encodeNeighbourMessage({ notes, ...message }: NeighbourMessage): Uint8Array {
  const out = new ByteWriter(64 + notes.reduce((bytes, note) => bytes + note.length + 3, 0));
  out.u8(KIND);
  out.varint(message.zone);
  out.varint(message.epoch);
  out.varint(message.toEpoch);
  out.varint(message.heard);
  out.varint(message.first);
  out.varint(notes.length);
  for (const note of notes) out.blob(note);
  return out.bytes();
}

/** Undefined when the bytes are no such message. Notes are views of the bytes. */
export function decodeNeighbourMessage(bytes: Uint8Array): NeighbourMessage | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== KIND) return undefined;
  const [zone, epoch, toEpoch] = [from.varint(), from.varint(), from.varint()];
  const [heard, first, count] = [from.varint(), from.varint(), from.varint()];
  if (count > neighbourLimits.notes) return undefined;
  const notes: Uint8Array[] = [];
  for (let i = 0; i < count && !from.failed; i++) notes.push(from.blob(neighbourLimits.noteBytes));
  return from.failed || from.left > 0 ? undefined : { zone, epoch, toEpoch, heard, first, notes };
}
