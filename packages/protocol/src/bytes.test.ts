import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, decodeUtf8 } from './bytes.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function written(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter(1);
  write(out);
  return out.bytes();
}

it('[PR2] whole numbers are little-endian', () => {
  const bytes = written((out) => {
    out.u8(1);
    out.u16(0x0203);
    out.u32(0x0405_0607);
    out.f64(-1.5);
  });
  expect(hex(bytes)).toBe('01' + '0302' + '07060504' + '000000000000f8bf');
  const from = new ByteReader(bytes);
  expect([from.u8(), from.u16(), from.u32(), from.f64(), from.left, from.failed]).toEqual([
    1,
    0x0203,
    0x0405_0607,
    -1.5,
    0,
    false,
  ]);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('[PR2] %d is no time', (value) => {
  const from = new ByteReader(written((out) => out.f64(value)));
  expect([from.f64(), from.failed]).toEqual([0, true]);
});

describe('[PR3] varints', () => {
  it('take seven bits a byte, the lowest first', () => {
    expect([0, 127, 128, 300, Number.MAX_SAFE_INTEGER].map((n) => hex(written((out) => out.varint(n))))).toEqual([
      '00',
      '7f',
      '8001',
      'ac02',
      'ffffffffffffff0f',
    ]);
  });

  it('come back, up to 2^53 - 1', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        const from = new ByteReader(written((out) => out.varint(n)));
        expect([from.varint(), from.left, from.failed]).toEqual([n, 0, false]);
      }),
    );
  });

  it.each([
    ['2^53', 'ffffffffffffff1f'],
    ['nine bytes of them', '808080808080808001'],
    ['four hundred zeros', `${'80'.repeat(400)}00`],
    ['no last byte', '8080'],
  ])('are not %s', (_what, text) => {
    const from = new ByteReader(Buffer.from(text, 'hex'));
    expect([from.varint(), from.failed]).toEqual([0, true]);
  });
});

it('[PR4] signed numbers of 32 bits fold their sign into the lowest bit', () => {
  expect([0, -1, 1, -2, 2_147_483_647, -2_147_483_648].map((n) => hex(written((out) => out.zigzag(n))))).toEqual([
    '00',
    '01',
    '02',
    '03',
    'feffffff0f',
    'ffffffff0f',
  ]);
  fc.assert(
    fc.property(fc.integer(), (n) => {
      expect(new ByteReader(written((out) => out.zigzag(n))).zigzag()).toBe(n);
    }),
  );
  const beyond = new ByteReader(written((out) => out.varint(2 ** 32)));
  expect([beyond.zigzag(), beyond.failed]).toEqual([0, true]);
});

describe('[PR5] text', () => {
  it('is a length and UTF-8', () => {
    expect(hex(written((out) => out.text('gr\u00fcn')))).toBe('05' + '6772c3bc6e');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(new ByteReader(written((out) => out.text(text))).text(1_000)).toBe(text);
      }),
    );
  });

  it.each([
    ['longer than allowed', '05' + '6161616161'],
    ['a length beyond the end', '04' + '616161'],
    ['a length that lies by much', 'ffffffffffffff0f' + '61'],
    ['not UTF-8', '02' + 'c328'],
    ['a surrogate', '03' + 'eda080'],
  ])('fails: %s', (_what, text) => {
    const from = new ByteReader(Buffer.from(text, 'hex'));
    expect([from.text(4), from.failed]).toEqual(['', true]);
  });

  it('keeps a byte order mark, which is a character like others', () => {
    expect(decodeUtf8(Buffer.from('efbbbf61', 'hex'))).toBe('\ufeffa');
    expect(decodeUtf8(Buffer.from('ff', 'hex'))).toBeUndefined();
  });
});

it('[PR8] a blob is not longer than allowed, nor than what is there', () => {
  const bytes = written((out) => out.blob(Uint8Array.of(1, 2, 3)));
  expect([...new ByteReader(bytes).blob(3)]).toEqual([1, 2, 3]);
  for (const from of [new ByteReader(bytes), new ByteReader(bytes.slice(0, 3))]) {
    expect(from.blob(2)).toHaveLength(0);
    expect(from.failed).toBe(true);
  }
});

it('grows as it is written to, long pieces and short ones alike', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 12 }), (parts) => {
      const out = new ByteWriter(1);
      for (const part of parts) out.octets(part);
      expect(hex(out.bytes())).toBe(parts.map(hex).join(''));
      expect(hex(out.view())).toBe(hex(out.bytes()));
      out.reset();
      expect(out.length).toBe(0);
    }),
  );
});
