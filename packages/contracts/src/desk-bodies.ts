import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** Limits of what requests to the desk say; a list that is longer is none. */
export const deskBodyLimits = {
  /** Id of a character, UTF-8 bytes. */
  characterBytes: 64,
  gatewayBytes: 64,
  /** What one character keeps of its components, bytes. */
  keptBytes: 4_096,
  /** Records of one request. */
  records: 512,
} as const;

/** What is known of a character that is asked for by its id. */
export interface StoredCharacter {
  /** The highest that has stood in the world; 0: none has. An attachment by a lower one comes too late. */
  readonly incarnation: number;
  /** How often it was handed over from zone to zone, ever. */
  readonly handovers: number;
  /** The zone that has it in the world, as far as is known; null: it is not in the world. */
  readonly zone: number | null;
  /** Null for one that never stood in the world. */
  readonly checkpoint: Standing | null;
}

/** Where a character stands, and what it keeps; `kept` is known to the zone alone. */
export interface Standing {
  readonly xMm: number;
  readonly yMm: number;
  readonly kept: Uint8Array;
}

/**
 * A checkpoint: replaces one of fewer handovers, of an earlier owner of the same zone, or of an earlier tick of that owner;
 * never a later one.
 */
export interface CheckpointRecord extends Standing {
  readonly character: string;
  readonly incarnation: number;
  readonly handovers: number;
  readonly tick: number;
  /** It leaves the world: from here on no zone has it. */
  readonly leaves: boolean;
}

/**
 * What became of a checkpoint. `superseded`: a later one is kept already. `refused`: it was not kept, and the character
 * is frozen. `unknown`: whether it was kept cannot be found out for the moment, and the character is frozen until then.
 */
export const verdicts = ['saved', 'superseded', 'refused', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

export const presenceStates = ['offline', 'online', 'away'] as const;
/** `away`: the connection was lost and the avatar stands for a while. */
export type PresenceState = (typeof presenceStates)[number];

export interface PresenceChange {
  readonly character: string;
  readonly incarnation: number;
  /** As of a checkpoint: what was told after fewer handovers, or by an earlier owner, never replaces a later one. */
  readonly handovers: number;
  /** Rises with every change that this owner of the zone tells. */
  readonly revision: number;
  readonly state: PresenceState;
  readonly gateway: string;
}

export function encodeLoad(character: string): Uint8Array {
  const out = new ByteWriter(80);
  out.text(character);
  return out.bytes();
}

/** The id of the character; undefined when the bytes ask for none. */
export function decodeLoad(bytes: Uint8Array): string | undefined {
  const from = new ByteReader(bytes);
  const character = from.text(deskBodyLimits.characterBytes);
  return ended(from) && character !== '' ? character : undefined;
}

export function encodeStored({ incarnation, handovers, zone, checkpoint }: StoredCharacter): Uint8Array {
  const out = new ByteWriter(64);
  out.varint(incarnation);
  out.varint(handovers);
  out.u8(zone === null ? 0 : 1);
  if (zone !== null) out.varint(zone);
  out.u8(checkpoint === null ? 0 : 1);
  if (checkpoint !== null) writeStanding(out, checkpoint);
  return out.bytes();
}

export function decodeStored(bytes: Uint8Array): StoredCharacter | undefined {
  const from = new ByteReader(bytes);
  const incarnation = from.varint();
  const handovers = from.varint();
  const inWorld = from.u8();
  const zone = inWorld === 1 ? from.varint() : null;
  const has = from.u8();
  const checkpoint = has === 1 ? readStanding(from) : null;
  return ended(from) && has <= 1 && inWorld <= 1 ? { incarnation, handovers, zone, checkpoint } : undefined;
}

export function encodeCheckpoints(records: readonly CheckpointRecord[]): Uint8Array {
  const out = new ByteWriter(64 + records.length * 80);
  out.varint(records.length);
  for (const record of records) {
    out.text(record.character);
    out.varint(record.incarnation);
    out.varint(record.handovers);
    out.varint(record.tick);
    out.u8(record.leaves ? 1 : 0);
    writeStanding(out, record);
  }
  return out.bytes();
}

/** Bytes that a record takes at most, but for what it keeps. */
export const checkpointOverheadBytes = 1 + deskBodyLimits.characterBytes + 8 + 8 + 8 + 1 + 5 + 5 + 2;

export function decodeCheckpoints(bytes: Uint8Array): CheckpointRecord[] | undefined {
  return decodeMany(bytes, (from) => ({
    character: from.text(deskBodyLimits.characterBytes),
    incarnation: from.varint(),
    handovers: from.varint(),
    tick: from.varint(),
    leaves: flagged(from),
    ...readStanding(from),
  }));
}

/** In the order of the checkpoints that they are about. */
export function encodeVerdicts(all: readonly Verdict[]): Uint8Array {
  const out = new ByteWriter(8 + all.length);
  out.varint(all.length);
  for (const verdict of all) out.u8(verdicts.indexOf(verdict));
  return out.bytes();
}

export function decodeVerdicts(bytes: Uint8Array): Verdict[] | undefined {
  return decodeMany(bytes, (from) => named(from, verdicts));
}

/** None at all says that the owner of the zone is still there. */
export function encodePresence(changes: readonly PresenceChange[]): Uint8Array {
  const out = new ByteWriter(16 + changes.length * 64);
  out.varint(changes.length);
  for (const change of changes) {
    out.text(change.character);
    out.varint(change.incarnation);
    out.varint(change.handovers);
    out.varint(change.revision);
    out.u8(presenceStates.indexOf(change.state));
    out.text(change.gateway);
  }
  return out.bytes();
}

export function decodePresence(bytes: Uint8Array): PresenceChange[] | undefined {
  return decodeMany(bytes, (from) => ({
    character: from.text(deskBodyLimits.characterBytes),
    incarnation: from.varint(),
    handovers: from.varint(),
    revision: from.varint(),
    state: named(from, presenceStates),
    gateway: from.text(deskBodyLimits.gatewayBytes),
  }));
}

function writeStanding(out: ByteWriter, { xMm, yMm, kept }: Standing): void {
  out.zigzag(xMm);
  out.zigzag(yMm);
  out.blob(kept);
}

function readStanding(from: ByteReader): Standing {
  return { xMm: from.zigzag(), yMm: from.zigzag(), kept: from.blob(deskBodyLimits.keptBytes) };
}

function flagged(from: ByteReader): boolean {
  const flag = from.u8();
  if (flag > 1) from.fail();
  return flag === 1;
}

function named<T extends string>(from: ByteReader, names: readonly [T, ...T[]]): T {
  const name = names[from.u8()];
  if (name === undefined) from.fail();
  return name ?? names[0];
}

function decodeMany<T>(bytes: Uint8Array, read: (from: ByteReader) => T): T[] | undefined {
  const from = new ByteReader(bytes);
  const count = from.varint();
  if (count > deskBodyLimits.records) return undefined;
  const items: T[] = [];
  for (let i = 0; i < count && !from.failed; i++) items.push(read(from));
  return ended(from) ? items : undefined;
}

function ended(from: ByteReader): boolean {
  return !from.failed && from.left === 0;
}
