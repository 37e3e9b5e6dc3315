import { ByteReader, ByteWriter } from '@lifeverse/protocol';
import { neighbourLimits } from './neighbour.ts';

/** What the owner of a zone lets its standby have after a tick. Messages are counted; who misses one asks for everything anew. */
export interface CopiesMessage {
  readonly zone: number;
  readonly epoch: number;
  /** From 1. */
  readonly sequence: number;
  /** Everything is told anew from this message on. */
  readonly begins: boolean;
  /** Everything has been told since then. */
  readonly whole: boolean;
  /** Entities as they are handed over, the latest of each counts; known to zones alone. */
  readonly copies: readonly Uint8Array[];
  /** Those that are not in the zone any more. */
  readonly gone: readonly GoneEntity[];
}

export interface GoneEntity {
  readonly entity: number;
  readonly generation: number;
}

/** What a standby has of a zone. */
export interface CopiedMessage {
  readonly zone: number;
  /** When it began to be one, server time, ms: of two, the later counts. */
  readonly life: number;
  /** Whose messages it has; 0: nobody's. */
  readonly epoch: number;
  /** All up to this one; 0: it has missed one. */
  readonly heard: number;
}

const kind = { copies: 0x63, copied: 0x64 } as const;
const flag = { begins: 1, whole: 2 } as const;
/** Of one message. */
const MOST = 65_536;

export function encodeCopies({ copies, gone, begins, whole, ...message }: CopiesMessage): Uint8Array {
  const out = new ByteWriter(64 + gone.length * 12 + copies.reduce((bytes, copy) => bytes + copy.length + 3, 0));
  out.u8(kind.copies);
  out.varint(message.zone);
  out.varint(message.epoch);
  out.varint(message.sequence);
  out.u8((begins ? flag.begins : 0) | (whole ? flag.whole : 0));
  out.varint(copies.length);
  for (const copy of copies) out.blob(copy);
  out.varint(gone.length);
  for (const { entity, generation } of gone) {
    out.varint(entity);
    out.varint(generation);
  }
  return out.bytes();
}

/** Undefined when the bytes are no such message. Copies are views of the bytes. */
export function decodeCopies(bytes: Uint8Array): CopiesMessage | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== kind.copies) return undefined;
  const [zone, epoch, sequence, flags] = [from.varint(), from.varint(), from.varint(), from.u8()];
  const copies = readMany(from, () => from.blob(neighbourLimits.noteBytes));
  const gone = readMany(from, () => ({ entity: from.varint(), generation: from.varint() }));
  if (from.failed || from.left > 0 || sequence === 0) return undefined;
  const [begins, whole] = [(flags & flag.begins) !== 0, (flags & flag.whole) !== 0];
  return { zone, epoch, sequence, begins, whole, copies, gone };
}

function readMany<T>(from: ByteReader, read: () => T): T[] {
  const count = from.varint();
  if (count > MOST) from.fail();
  const all: T[] = [];
  for (let i = 0; i < count && !from.failed; i++) all.push(read());
  return all;
}

export function encodeCopied({ zone, life, epoch, heard }: CopiedMessage): Uint8Array {
  const out = new ByteWriter(32);
  out.u8(kind.copied);
  for (const number of [zone, life, epoch, heard]) out.varint(number);
  return out.bytes();
}

/** Undefined when the bytes are no such message. */
export function decodeCopied(bytes: Uint8Array): CopiedMessage | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== kind.copied) return undefined;
  const message = { zone: from.varint(), life: from.varint(), epoch: from.varint(), heard: from.varint() };
  return from.failed || from.left > 0 ? undefined : message;
}
