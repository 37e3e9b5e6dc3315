/**
 * Arrays as PostgreSQL sends and takes them (array_send): a tenth of the work of writing them as text and parsing that.
 * The driver passes a Buffer on as a binary value.
 */
const oids = { int4: 23, int8: 20, text: 25, uuid: 2950, bool: 16 } as const;

const HEADER_BYTES = 20;
const EMPTY_BYTES = 12;
const LENGTH_BYTES = 4;
const UUID_BYTES = 16;
const TWO_TO_32 = 0x1_0000_0000;

function open(oid: number, count: number, elementBytes: number, hasNull = false): Buffer {
  const bytes = Buffer.allocUnsafe(count === 0 ? EMPTY_BYTES : HEADER_BYTES + elementBytes);
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
  bytes.writeInt32BE(hasNull ? 1 : 0, 4);
  bytes.writeInt32BE(oid, 8);
  if (count === 0) return bytes;
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
  return bytes;
}

/** Safe integers. */
export function int8Array(values: readonly (number | null)[]): Buffer {
  let nulls = 0;
  for (const value of values) if (value === null) nulls++;
  const bytes = open(oids.int8, values.length, values.length * (LENGTH_BYTES + 8) - nulls * 8, nulls > 0);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      bytes.writeInt32BE(-1, at);
      at += LENGTH_BYTES;
      continue;
    }
    const high = Math.floor(value / TWO_TO_32);
    bytes.writeInt32BE(8, at);
    bytes.writeInt32BE(high, at + 4);
    bytes.writeUInt32BE(value - high * TWO_TO_32, at + 8);
    at += LENGTH_BYTES + 8;
  }
  return bytes;
}

export function int4Array(values: readonly (number | null)[]): Buffer {
  const nulls = values.filter((value) => value === null).length;
  const bytes = open(oids.int4, values.length, values.length * LENGTH_BYTES + (values.length - nulls) * 4, nulls > 0);
  let at = HEADER_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(value === null ? -1 : 4, at);
    at += LENGTH_BYTES;
    if (value === null) continue;
    bytes.writeInt32BE(value, at);
    at += 4;
  }
  return bytes;
}

export function boolArray(values: readonly boolean[]): Buffer {
  const bytes = open(oids.bool, values.length, values.length * (LENGTH_BYTES + 1));
  let at = HEADER_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(1, at);
    bytes[at + LENGTH_BYTES] = value ? 1 : 0;
    at += LENGTH_BYTES + 1;
  }
  return bytes;
}

/** 16 bytes each. */
export function uuidArray(values: readonly Uint8Array[]): Buffer {
  const bytes = open(oids.uuid, values.length, values.length * (LENGTH_BYTES + UUID_BYTES));
  let at = HEADER_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(UUID_BYTES, at);
    bytes.set(value, at + LENGTH_BYTES);
    at += LENGTH_BYTES + UUID_BYTES;
  }
  return bytes;
}

export function textArray(values: readonly (string | null)[]): Buffer {
  let total = 0;
  let hasNull = false;
  for (const value of values) {
    total += LENGTH_BYTES + (value === null ? 0 : Buffer.byteLength(value));
    hasNull ||= value === null;
  }
  const bytes = open(oids.text, values.length, total, hasNull);
  let at = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? -1 : bytes.write(value, at + LENGTH_BYTES);
    bytes.writeInt32BE(length, at);
    at += LENGTH_BYTES + Math.max(0, length);
  }
  return bytes;
}
