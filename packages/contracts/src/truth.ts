import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** Where some entities truly are after a tick: written by the zone from its own state, not from any stream. */
export interface TruthRecord {
  readonly tick: number;
  readonly entities: readonly { readonly id: number; readonly xMm: number; readonly yMm: number }[];
}

export const MAX_TRUTH_ENTITIES = 1_000;

export function encodeTruth(record: TruthRecord): Uint8Array {
  const out = new ByteWriter(16 + record.entities.length * 12);
  out.varint(record.tick);
  out.varint(record.entities.length);
  for (const { id, xMm, yMm } of record.entities) {
    out.varint(id);
    out.zigzag(xMm);
    out.zigzag(yMm);
  }
  return out.bytes();
}

export function decodeTruth(bytes: Uint8Array): TruthRecord | undefined {
  const from = new ByteReader(bytes);
  const tick = from.varint();
  const count = from.varint();
  if (count > MAX_TRUTH_ENTITIES) return undefined;
  const entities: { id: number; xMm: number; yMm: number }[] = [];
  for (let i = 0; i < count && !from.failed; i++)
    entities.push({ id: from.varint(), xMm: from.zigzag(), yMm: from.zigzag() });
  return from.failed || from.left > 0 ? undefined : { tick, entities };
}

/** A request to record: entity numbers; the zone forgets it after five seconds without another. */
export function encodeTruthWanted(ids: readonly number[]): Uint8Array {
  const out = new ByteWriter(16 + ids.length * 5);
  out.varint(ids.length);
  for (const id of ids) out.varint(id);
  return out.bytes();
}

export function decodeTruthWanted(bytes: Uint8Array): number[] | undefined {
  const from = new ByteReader(bytes);
  const count = from.varint();
  if (count > MAX_TRUTH_ENTITIES) return undefined;
  const ids: number[] = [];
  for (let i = 0; i < count && !from.failed; i++) ids.push(from.varint());
  return from.failed || from.left > 0 ? undefined : ids;
}
