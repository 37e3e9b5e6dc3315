import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';
import * as limits from './limits.ts';
import {
  decodeContinued,
  decodeGo,
  decodePrivate,
  decodeWelcome,
  encodeWelcome,
  serverType,
  unwrapTime,
  type Welcome,
  wireTime,
  writeCellKey,
  writeContinued,
  writeGo,
  writeKeysHeader,
  writePace,
  writePrivate,
} from './server-message.ts';

const hex = (write: (out: ByteWriter) => void): string => {
  const out = new ByteWriter();
  write(out);
  return Buffer.from(out.bytes()).toString('hex');
};
/** Behind the type byte, as a client reads it. */
const behindType = (bytes: Uint8Array): ByteReader => new ByteReader(bytes, 1);

const welcome: Welcome = {
  version: 2,
  serverMs: 1_000.5,
  tick: 20_010,
  entity: 300,
  incarnation: 2,
  anchorX: -1,
  anchorY: 31,
  linkClass: 0,
  audiences: 5,
  rate: 256,
  layoutFingerprint: 'aa',
  mapFingerprint: 'b',
  stepFingerprint: '',
  layoutJson: '{}',
};

describe('[PR20] welcome', () => {
  it('has these bytes', () => {
    expect(Buffer.from(encodeWelcome(welcome)).toString('hex')).toBe(
      '41' +
        '02' +
        '0000000000448f40' +
        'aa9c01' +
        'ac02' +
        '02' +
        '01' +
        '3e' +
        '00' +
        '05' +
        '0001' +
        '026161' +
        '0162' +
        '00' +
        '027b7d',
    );
    expect(decodeWelcome(behindType(encodeWelcome(welcome)))).toEqual(welcome);
  });

  it('comes back as it was sent', () => {
    const u8 = fc.nat({ max: 255 });
    const print = fc.string({ maxLength: 64 });
    const welcomes: fc.Arbitrary<Welcome> = fc.record({
      version: u8,
      serverMs: fc.double({ min: 0, max: 1e12, noNaN: true, noDefaultInfinity: true }),
      tick: fc.nat({ max: 2 ** 45 }),
      entity: fc.maxSafeNat(),
      incarnation: fc.maxSafeNat(),
      anchorX: fc.integer(),
      anchorY: fc.integer(),
      linkClass: u8,
      audiences: u8,
      rate: fc.nat({ max: 0xffff }),
      layoutFingerprint: print,
      mapFingerprint: print,
      stepFingerprint: print,
      layoutJson: fc.json(),
    });
    fc.assert(
      fc.property(welcomes, (sent) => {
        expect(decodeWelcome(behindType(encodeWelcome(sent)))).toEqual({ ...sent, serverMs: sent.serverMs + 0 });
      }),
    );
  });

  it('is none when it is cut, longer, at no possible time, or carries a layout beyond the limit', () => {
    const bytes = encodeWelcome(welcome);
    for (let length = 1; length < bytes.length; length++) {
      expect(decodeWelcome(behindType(bytes.slice(0, length)))).toBeUndefined();
    }
    expect(decodeWelcome(behindType(Uint8Array.of(...bytes, 0)))).toBeUndefined();
    const large = encodeWelcome({ ...welcome, layoutJson: ' '.repeat(limits.layoutBytes + 1) });
    expect(decodeWelcome(behindType(large))).toBeUndefined();
    for (const change of [{ serverMs: -1 }, { serverMs: 1e17 }, { serverMs: Number.NaN }, { tick: 2 ** 45 + 1 }]) {
      expect(decodeWelcome(behindType(encodeWelcome({ ...welcome, ...change })))).toBeUndefined();
    }
    const largest = encodeWelcome({ ...welcome, layoutJson: ' '.repeat(limits.layoutBytes) });
    expect(decodeWelcome(behindType(largest))).toBeDefined();
  });
});

it('[PR23] keys: the view, then cell by cell a keyframe and the changes since, each with its age', () => {
  const sections = [
    { tick: 1_000, bytes: Uint8Array.of(1, 2, 3) },
    { tick: 1_255, bytes: Uint8Array.of(4) },
  ];
  expect(
    hex((out) => {
      writeKeysHeader(out, 1_256, -2, 3, 0, 5);
      writeCellKey(out, { index: 200, sequence: 257, sections }, 1_256);
    }),
  ).toBe('43' + 'e8' + '03' + '06' + '00' + '05' + 'c801' + '01' + '02' + '8002' + '010203' + '01' + '04');
});

describe('[PR24] private', () => {
  it('has these bytes, with an echo and without', () => {
    const body = Uint8Array.of(7);
    const echo = { sentMs: 0x1234, heldMs: 1.5, serverTime: 0x0102_0304 };
    expect(hex((out) => writePrivate(out, { echo: null, body }))).toBe('44' + '00' + '07');
    expect(hex((out) => writePrivate(out, { echo, body }))).toBe('44' + '01' + '3412' + '1800' + '04030201' + '07');
  });

  it('comes back as it was sent; a hold beyond four seconds is cut to that', () => {
    const echoes = fc.record({
      sentMs: fc.nat({ max: 0xffff }),
      heldMs: fc.nat({ max: 65_535 }).map((n) => n / 16),
      serverTime: fc.nat({ max: 2 ** 32 - 1 }),
    });
    fc.assert(
      fc.property(fc.option(echoes), fc.uint8Array(), (echo, body) => {
        const out = new ByteWriter();
        writePrivate(out, { echo, body });
        const back = decodePrivate(behindType(out.bytes()));
        expect({ echo: back?.echo, body: [...(back?.body ?? [])] }).toEqual({ echo, body: [...body] });
      }),
    );
    const out = new ByteWriter();
    writePrivate(out, { echo: { sentMs: 0, heldMs: 60_000, serverTime: 0 }, body: new Uint8Array(0) });
    expect(decodePrivate(behindType(out.bytes()))?.echo?.heldMs).toBe(65_535 / 16);
  });

  it.each(['44', '4402', '4401341218000403020'])('is none: %s', (text) => {
    expect(decodePrivate(behindType(Buffer.from(text, 'hex')))).toBeUndefined();
  });
});

it('[PR26] pace: the tick from which on, and the rate', () => {
  expect(hex((out) => writePace(out, 0x1ff, 128))).toBe('46' + 'ff' + '8000');
});

describe('[PR36] go: why, within which time, and where', () => {
  it('has these bytes, and comes back as it was sent', () => {
    const go = { reason: 'stopping', withinMs: 300, address: 'http://a' } as const;
    expect(hex((out) => writeGo(out, go))).toBe('47' + '00' + 'ac02' + '08687474703a2f2f61');
    const sent = fc.record({
      reason: fc.constantFrom('stopping' as const, 'better' as const),
      withinMs: fc.maxSafeNat(),
      address: fc.string({ maxLength: limits.addressBytes }),
    });
    fc.assert(
      fc.property(sent, (one) => {
        const out = new ByteWriter();
        writeGo(out, one);
        expect(decodeGo(behindType(out.bytes()))).toEqual(one);
      }),
    );
  });

  it.each(['47', '470200ac0200', '4700ac0200ff', '4700ac0201'])('is none: %s', (text) => {
    expect(decodeGo(behindType(Buffer.from(text, 'hex')))).toBeUndefined();
  });
});

it('[PR37] continued: the last input that the zone has', () => {
  expect(hex((out) => writeContinued(out, 300))).toBe('48' + 'ac02');
  expect(decodeContinued(behindType(Buffer.from('48ac02', 'hex')))).toBe(300);
  for (const text of ['48', '48ac', '48ac0200'])
    expect(decodeContinued(behindType(Buffer.from(text, 'hex')))).toBeUndefined();
});

it('[PR1] the first byte says what it is, and no server message begins like one of a client', () => {
  const types = Object.values(serverType);
  expect(types).toEqual([0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48]);
});

describe('[PR27] server time on the wire', () => {
  it('is sixteenths of a millisecond, modulo 2^32', () => {
    expect(wireTime(1)).toBe(16);
    expect(wireTime(2 ** 28 + 0.5)).toBe(8);
  });

  it('comes back to within a sixteenth, as long as the own idea of it is less than a day off', () => {
    const ms = fc.double({ min: 0, max: 1e12, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(ms, fc.integer({ min: -86_400_000, max: 86_400_000 }), (serverMs, offMs) => {
        const back = unwrapTime(wireTime(serverMs), serverMs + offMs);
        expect(Math.abs(back - serverMs)).toBeLessThanOrEqual(1 / 16);
      }),
    );
  });
});
