/**
 * Bits, least significant first within each byte. The writer grows its buffer and is reused: `reset` then write,
 * `bytes` copies out. The reader is total: past the end it returns zeros and remembers that it failed, so a decoder
 * checks once at the end instead of at every field.
 */
export class BitWriter {
  #buffer: Uint8Array;
  #byte = 0;
  #pending = 0;
  #pendingBits = 0;

  constructor(initialBytes = 256) {
    this.#buffer = new Uint8Array(initialBytes);
  }

  reset(): void {
    this.#byte = 0;
    this.#pending = 0;
    this.#pendingBits = 0;
  }

  /** The low `bits` (1..24) of an unsigned value. */
  bits(value: number, bits: number): void {
    this.#pending |= value << this.#pendingBits;
    this.#pendingBits += bits;
    while (this.#pendingBits >= 8) {
      if (this.#byte === this.#buffer.length) this.#grow();
      this.#buffer[this.#byte++] = this.#pending & 0xff;
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  bit(value: boolean): void {
    this.bits(value ? 1 : 0, 1);
  }

  /** An unsigned value of up to 53 bits. */
  wide(value: number, bits: number): void {
    let rest = value;
    let left = bits;
    while (left > 16) {
      this.bits(rest % 0x1_0000, 16);
      rest = Math.floor(rest / 0x1_0000);
      left -= 16;
    }
    if (left > 0) this.bits(rest, left);
  }

  /** An unsigned value (up to 2^53 - 1) in chunks of `chunkBits`, each followed by a continuation bit: small numbers stay small. */
  chunked(value: number, chunkBits: number): void {
    const base = 1 << chunkBits;
    let rest = value;
    while (rest >= base) {
      this.bits((rest % base) | base, chunkBits + 1);
      rest = Math.floor(rest / base);
    }
    this.bits(rest, chunkBits + 1);
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.#pendingBits > 0) this.bits(0, 8 - this.#pendingBits);
  }

  octets(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.bits(bytes[i] as number, 8);
  }

  /** Everything written, the last byte filled with zeros; valid until the next write. */
  view(): Uint8Array {
    this.align();
    return this.#buffer.subarray(0, this.#byte);
  }

  /** A copy of everything written, the last byte filled with zeros. */
  bytes(): Uint8Array {
    this.align();
    return this.#buffer.slice(0, this.#byte);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

export class BitReader {
  #bytes: Uint8Array;
  #bit: number;
  #endBit: number;
  /** True once anything was read past the end or out of its range; never becomes false again. */
  failed = false;

  constructor(bytes: Uint8Array, startByte = 0, endByte = bytes.length) {
    this.#bytes = bytes;
    this.#bit = startByte * 8;
    this.#endBit = endByte * 8;
  }

  get bitsLeft(): number {
    return this.#endBit - this.#bit;
  }

  fail(): void {
    this.failed = true;
    this.#bit = this.#endBit;
  }

  bits(bits: number): number {
    if (this.#bit + bits > this.#endBit) {
      this.fail();
      return 0;
    }
    let at = this.#bit >>> 3;
    let have = 8 - (this.#bit & 7);
    let value = (this.#bytes[at++] as number) >>> (this.#bit & 7);
    while (have < bits) {
      value |= (this.#bytes[at++] as number) << have;
      have += 8;
    }
    this.#bit += bits;
    return value & ((1 << bits) - 1);
  }

  bit(): boolean {
    return this.bits(1) === 1;
  }

  wide(bits: number): number {
    let value = 0;
    let scale = 1;
    let left = bits;
    while (left > 16) {
      value += this.bits(16) * scale;
      scale *= 0x1_0000;
      left -= 16;
    }
    return left > 0 ? value + this.bits(left) * scale : value;
  }

  chunked(chunkBits: number): number {
    const base = 1 << chunkBits;
    let value = 0;
    let scale = 1;
    for (;;) {
      const chunk = this.bits(chunkBits + 1);
      value += (chunk & (base - 1)) * scale;
      if (value > Number.MAX_SAFE_INTEGER) this.fail();
      if (chunk < base || this.failed) return this.failed ? 0 : value;
      scale *= base;
      // More chunks than the largest number has: without this, zeros without end would become 0 * Infinity.
      if (scale > Number.MAX_SAFE_INTEGER) this.fail();
    }
  }

  align(): void {
    this.#bit = (this.#bit + 7) & ~7;
    if (this.#bit > this.#endBit) this.fail();
  }

  octets(count: number): Uint8Array {
    const out = new Uint8Array(count <= this.bitsLeft >>> 3 ? count : 0);
    if (out.length !== count) this.fail();
    for (let i = 0; i < out.length; i++) out[i] = this.bits(8);
    return out;
  }
}

/** How many bits hold every integer from 0 to `max` (up to 2^53 - 1); at least 1. */
export function bitsFor(max: number): number {
  let bits = 1;
  for (let reach = 2; reach <= max; reach *= 2) bits++;
  return bits;
}
