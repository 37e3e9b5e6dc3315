import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter, bitsFor } from './bits.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function written(write: (out: BitWriter) => void): Uint8Array {
  const out = new BitWriter(1);
  write(out);
  return out.bytes();
}

describe('[PR6] bits, least significant first', () => {
  it('fill a byte from below and the last byte with zeros', () => {
    expect(hex(written((out) => out.bits(0b101, 3)))).toBe('05');
    expect(
      hex(
        written((out) => {
          out.bit(true);
          out.bits(0x1ff, 9);
          out.bits(0, 2);
          out.bits(0xabc, 12);
        }),
      ),
    ).toBe('ffc3ab');
  });

  it('come back as they were written, whatever stands before them', () => {
    const item = fc.integer({ min: 1, max: 53 }).chain((bits) => {
      return fc.record({ bits: fc.constant(bits), value: fc.maxSafeNat().map((n) => n % 2 ** bits) });
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (items) => {
        const bytes = written((out) => {
          for (const { value, bits } of items) bits <= 24 ? out.bits(value, bits) : out.wide(value, bits);
        });
        const from = new BitReader(bytes);
        for (const { value, bits } of items) expect(bits <= 24 ? from.bits(bits) : from.wide(bits)).toBe(value);
        expect(from.failed).toBe(false);
        expect(from.bitsLeft).toBeLessThan(8);
      }),
    );
  });

  it('are written again from nothing after a reset, into the same memory', () => {
    const out = new BitWriter(2);
    out.bits(0xffffff, 24);
    out.reset();
    out.bit(true);
    expect(hex(out.view())).toBe('01');
    expect(hex(out.bytes())).toBe('01');
  });

  it('can be read from a part of a message', () => {
    const from = new BitReader(Uint8Array.of(0xff, 0x0f, 0xff), 1, 2);
    expect([from.bits(4), from.bits(4), from.failed]).toEqual([15, 0, false]);
    expect([from.bits(1), from.failed]).toEqual([0, true]);
  });
});

describe('[PR7] numbers in chunks', () => {
  it('take a chunk and a continuation bit for every so many bits', () => {
    expect(hex(written((out) => out.chunked(127, 7)))).toBe('7f');
    expect(hex(written((out) => out.chunked(128, 7)))).toBe('8001');
    expect(hex(written((out) => out.chunked(7, 3)))).toBe('07');
    expect(hex(written((out) => out.chunked(8, 3)))).toBe('18');
  });

  it('come back, up to 2^53 - 1', () => {
    const value = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 300 }), fc.constant(Number.MAX_SAFE_INTEGER));
    fc.assert(
      fc.property(value, fc.constantFrom(3, 4, 6, 7), fc.nat({ max: 7 }), (number, chunkBits, before) => {
        const bytes = written((out) => {
          if (before > 0) out.bits(0, before);
          out.chunked(number, chunkBits);
        });
        const from = new BitReader(bytes);
        if (before > 0) from.bits(before);
        expect(from.chunked(chunkBits)).toBe(number);
        expect(from.failed).toBe(false);
      }),
    );
  });

  it.each([3, 4, 6, 7])('fail beyond that, and however many empty chunks of %i bits there are', (chunkBits) => {
    const tooLarge = written((out) => {
      for (let i = 0; i < 20; i++) out.bits((2 << chunkBits) - 1, chunkBits + 1);
    });
    const zeros = written((out) => {
      for (let i = 0; i < 2_000; i++) out.bits(1 << chunkBits, chunkBits + 1);
      out.bits(0, chunkBits + 1);
    });
    for (const bytes of [tooLarge, zeros]) {
      const from = new BitReader(bytes);
      expect([from.chunked(chunkBits), from.failed]).toEqual([0, true]);
    }
  });
});

describe('[PR8] a reader past its end', () => {
  it('gives zeros, says so, and does not come back to life', () => {
    const from = new BitReader(Uint8Array.of(0xff));
    expect([from.bits(9), from.failed, from.bitsLeft]).toEqual([0, true, 0]);
    expect([from.bits(1), from.wide(40), from.chunked(7), from.bit()]).toEqual([0, 0, 0, false]);
    expect(from.octets(3)).toHaveLength(0);
    from.align();
    expect(from.failed).toBe(true);
  });

  it('never throws, whatever is asked of whatever bytes', () => {
    const ask = fc.oneof(
      fc.integer({ min: 1, max: 24 }).map((n) => (from: BitReader) => from.bits(n)),
      fc.integer({ min: 1, max: 53 }).map((n) => (from: BitReader) => from.wide(n)),
      fc.constantFrom(3, 4, 6, 7).map((n) => (from: BitReader) => from.chunked(n)),
      fc.nat({ max: 2 ** 40 }).map((n) => (from: BitReader) => from.octets(n).length),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(ask, { maxLength: 30 }), (bytes, asks) => {
        const from = new BitReader(bytes);
        for (const one of asks) expect(Number.isSafeInteger(one(from))).toBe(true);
      }),
    );
  });
});

it('knows how many bits a number needs', () => {
  expect([0, 1, 2, 3, 4, 255, 256, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER].map(bitsFor)).toEqual([
    1, 1, 2, 2, 3, 8, 9, 32, 33, 53,
  ]);
});
