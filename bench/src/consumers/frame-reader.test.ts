import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FrameReader, opcode } from './frame-reader.ts';

type Event =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'control'; readonly code: number; readonly text: string }
  | { readonly kind: 'frame'; readonly bytes: number };

function readerInto(events: Event[]): FrameReader {
  // A digest of what is long: a failure stays readable.
  const text = (bytes: Uint8Array) =>
    bytes.length > 40 ? createHash('sha256').update(bytes).digest('hex') : Buffer.from(bytes).toString('latin1');
  return new FrameReader({
    message: (payload) => events.push({ kind: 'message', text: text(payload) }),
    control: (code, payload) => events.push({ kind: 'control', code, text: text(payload) }),
    frame: (bytes) => events.push({ kind: 'frame', bytes }),
  });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function frame(code: number, payload: string, final = true): Buffer {
  const body = Buffer.from(payload, 'latin1');
  const head =
    body.length < 126
      ? Buffer.from([code, body.length])
      : body.length < 65_536
        ? Buffer.from([code, 126, body.length >> 8, body.length & 255])
        : Buffer.concat([
            Buffer.from([code, 127, 0, 0, 0, 0]),
            Buffer.from(new Uint32Array([body.length]).buffer).reverse(),
          ]);
  head[0] = code | (final ? 0x80 : 0);
  return Buffer.concat([head, body]);
}

const stream = Buffer.concat([
  frame(opcode.binary, 'first'),
  frame(opcode.ping, 'are you there'),
  frame(opcode.binary, ''),
  frame(opcode.binary, 'x'.repeat(300)),
  frame(opcode.binary, 'split ', false),
  frame(opcode.ping, ''),
  frame(opcode.continuation, 'in ', false),
  frame(opcode.continuation, 'three'),
  frame(opcode.text, 'y'.repeat(70_000)),
  frame(opcode.close, '\x03\xe8bye'),
]);

const whole: Event[] = [];
readerInto(whole).feed(stream);

describe('FrameReader', () => {
  it('reads messages, fragments and control frames', () => {
    expect(whole.filter((event) => event.kind === 'message').map((event) => event.text)).toEqual([
      'first',
      '',
      digestOf('x'.repeat(300)),
      'split in three',
      digestOf('y'.repeat(70_000)),
    ]);
    expect(whole.filter((event) => event.kind === 'control').map((event) => event.text)).toEqual([
      'are you there',
      '',
      '\x03\xe8bye',
    ]);
    const bytes = whole.reduce((sum, event) => sum + (event.kind === 'frame' ? event.bytes : 0), 0);
    const control = 2 + 13 + 2 + 2 + 5;
    expect(bytes).toBe(stream.length - control);
  });

  it('gives the same whatever the cut', () => {
    const cuts = [...Array(400).keys(), stream.length - 8, stream.length - 3, stream.length];
    for (const cut of cuts) {
      const events: Event[] = [];
      const reader = readerInto(events);
      reader.feed(stream.subarray(0, cut));
      reader.feed(stream.subarray(cut));
      expect(events).toEqual(whole);
    }
  });

  it('gives the same byte by byte', () => {
    const events: Event[] = [];
    const reader = readerInto(events);
    for (let i = 0; i < stream.length; i++) reader.feed(stream.subarray(i, i + 1));
    expect(events).toEqual(whole);
  });

  it('still counts frames and answers pings while it skips payloads, at every cut', () => {
    const expected = whole.filter((event) => event.kind !== 'message');
    for (let cut = 0; cut < 400; cut++) {
      const events: Event[] = [];
      const reader = readerInto(events);
      reader.reads = false;
      reader.feed(stream.subarray(0, cut));
      reader.feed(stream.subarray(cut));
      expect(events).toEqual(expected);
    }
  });

  it('keeps nothing of a buffer that is reused', () => {
    const events: Event[] = [];
    const reader = readerInto(events);
    const shared = Buffer.alloc(4);
    for (let at = 0; at < stream.length; at += 4) {
      const taken = stream.copy(shared, 0, at, Math.min(at + 4, stream.length));
      reader.feed(shared.subarray(0, taken));
    }
    expect(events).toEqual(whole);
  });

  it('refuses masked frames, reserved bits and large control frames', () => {
    for (const bytes of [
      [0x82, 0x81],
      [0xc2, 0x01],
      [0x89, 0x7e, 0x01, 0x00],
    ]) {
      expect(() => readerInto([]).feed(Buffer.from(bytes))).toThrow();
    }
  });
});
