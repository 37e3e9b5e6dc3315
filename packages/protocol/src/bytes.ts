/**
 * Whole bytes, little-endian, with LEB128 varints: what travels between services and around the bit-packed parts.
 * Writer and reader have the habits of their bit-wise siblings: reused, growing; total, failing once.
 */
export class ByteWriter {
  #buffer: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(initialBytes = 256) {
    this.#buffer = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#buffer.buffer);
  }

  get length(): number {
    return this.#at;
  }

  reset(): void {
    this.#at = 0;
  }

  u8(value: number): void {
    if (this.#at === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Unsigned, up to 2^53 - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** Signed 32-bit integer, small magnitudes short. */
  zigzag(value: number): void {
    this.varint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  octets(bytes: Uint8Array): void {
    const length = bytes.length;
    this.#reserve(length);
    if (length < 48) {
      const buffer = this.#buffer;
      let at = this.#at;
      for (let i = 0; i < length; i++) buffer[at++] = bytes[i] as number;
    } else {
      this.#buffer.set(bytes, this.#at);
    }
    this.#at += length;
  }

  /** A length, then UTF-8. */
  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.varint(bytes.length);
    this.octets(bytes);
  }

  /** A length, then the bytes. */
  blob(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.octets(bytes);
  }

  /** A copy of everything written. */
  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }

  /** Everything written, valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#buffer.length) return;
    let size = this.#buffer.length * 2;
    while (size < this.#at + count) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  failed = false;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  get position(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  fail(): void {
    this.failed = true;
    this.#at = this.#bytes.length;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) {
      this.fail();
      return -1;
    }
    this.#at = at + count;
    return at;
  }

  /** Goes on behind so many bytes. */
  skip(count: number): void {
    this.#take(count);
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : (this.#bytes[at] as number);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  /** Finite; anything else is a failure. */
  f64(): number {
    const at = this.#take(8);
    const value = at < 0 ? 0 : this.#view.getFloat64(at, true);
    if (!Number.isFinite(value)) this.fail();
    return this.failed ? 0 : value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) this.fail();
      if (byte < 0x80 || this.failed) return this.failed ? 0 : value;
      scale *= 0x80;
      // More than eight bytes: without this, zeros without end would become 0 * Infinity.
      if (scale > Number.MAX_SAFE_INTEGER) this.fail();
    }
  }

  zigzag(): number {
    const value = this.varint();
    if (value > 0xffff_ffff) this.fail();
    return this.failed ? 0 : (value >>> 1) ^ -(value & 1);
  }

  /** A view of the bytes, not a copy. */
  octets(count: number): Uint8Array {
    const at = this.#take(count);
    return at < 0 ? new Uint8Array(0) : this.#bytes.subarray(at, at + count);
  }

  /** At most `maxBytes` of valid UTF-8; anything else is a failure. */
  text(maxBytes: number): string {
    const length = this.varint();
    if (length > maxBytes) this.fail();
    const bytes = this.octets(this.failed ? 0 : length);
    if (this.failed) return '';
    const value = decodeUtf8(bytes);
    if (value === undefined) this.fail();
    return value ?? '';
  }

  blob(maxBytes: number): Uint8Array {
    const length = this.varint();
    if (length > maxBytes) this.fail();
    return this.octets(this.failed ? 0 : length);
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}
