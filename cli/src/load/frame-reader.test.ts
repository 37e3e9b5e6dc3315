import { expect, it } from 'vitest';
import { clientFrame } from './client-frame.ts';
import { FrameReader, opcode } from './frame-reader.ts';

function heard() {
  const events: string[] = [];
  const reader = new FrameReader({
    message: (payload) => events.push(payload.length > 8 ? `message of ${payload.length}` : `message ${[...payload]}`),
    ping: (payload) => events.push(`ping ${[...payload]}`),
    closing: (code) => events.push(`closing ${code}`),
    unreadable: (why) => events.push(`unreadable: ${why}`),
  });
  return { events, reader };
}

/** As a server sends it: no mask. */
function frame(code: number, payload: readonly number[], options: { final?: boolean } = {}): number[] {
  const { length } = payload;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : sizeOf(length);
  return [(options.final === false ? 0 : 0x80) | code, ...size, ...payload];
}

function sizeOf(length: number): number[] {
  return [127, 0, 0, 0, 0, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255];
}

const zeros = (length: number): number[] => new Array(length).fill(0);

const stream = Uint8Array.from([
  ...frame(opcode.binary, [1, 2, 3]),
  ...frame(opcode.ping, [9]),
  ...frame(opcode.binary, []),
  ...frame(opcode.binary, zeros(300)),
  ...frame(opcode.binary, [4], { final: false }),
  ...frame(opcode.pong, []),
  ...frame(opcode.continuation, [5], { final: false }),
  ...frame(opcode.continuation, [6]),
  ...frame(opcode.binary, zeros(70_000)),
  ...frame(opcode.close, [0x0f, 0xa8, 0x68]),
]);
const said = [
  'message 1,2,3',
  'ping 9',
  'message ',
  'message of 300',
  'message 4,5,6',
  'message of 70000',
  'closing 4008',
];

it('reads frames, whole and in fragments, with control frames between', () => {
  const { events, reader } = heard();
  reader.feed(stream);
  expect(events).toEqual(said);
});

it('reads the same however the stream is cut', () => {
  const early = stream.subarray(0, 340);
  for (let cut = 0; cut <= early.length; cut++) {
    const { events, reader } = heard();
    reader.feed(early.subarray(0, cut));
    reader.feed(early.subarray(cut));
    expect(events).toEqual(said.slice(0, 5));
  }
  const { events, reader } = heard();
  for (const byte of early) reader.feed(Uint8Array.of(byte));
  expect(events).toEqual(said.slice(0, 5));
});

it.each([
  ['a masked frame', [0x82, 0x81, 0, 0, 0, 0, 1], 'a frame with reserved bits or a mask'],
  ['reserved bits', [0xc2, 0], 'a frame with reserved bits or a mask'],
  ['text', frame(opcode.text, [97]), 'text'],
  ['a continuation of nothing', frame(opcode.continuation, [1]), 'a frame of kind 0 that does not belong there'],
  ['an unknown kind', frame(3, [1]), 'a frame of kind 3 that does not belong there'],
  ['a long control frame', frame(opcode.ping, zeros(126)), 'a control frame that is none'],
  ['a cut control frame', frame(opcode.ping, [1], { final: false }), 'a control frame that is none'],
  ['a length that lies', [0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0], 'a frame of 1099511627776 bytes'],
  [
    'a new message within one',
    [...frame(opcode.binary, [1], { final: false }), ...frame(opcode.binary, [2])],
    'a frame of kind 2 that does not belong there',
  ],
])('refuses %s, and reads nothing behind it', (_, bytes, why) => {
  const { events, reader } = heard();
  reader.feed(Uint8Array.from([...bytes, ...frame(opcode.binary, [7])]));
  reader.feed(Uint8Array.from(frame(opcode.binary, [8])));
  expect(events).toEqual([`unreadable: ${why}`]);
});

it('knows a close that gives no number', () => {
  const { events, reader } = heard();
  reader.feed(Uint8Array.from(frame(opcode.close, [])));
  expect(events).toEqual(['closing 1005']);
});

it.each([0, 5, 125, 126, 65_535])('frames %i bytes as a client does: masked, and its own length', (length) => {
  const payload = Uint8Array.from({ length }, (_, i) => i);
  const out = clientFrame(opcode.binary, payload);
  const header = length < 126 ? 2 : 4;
  expect(out.length).toBe(header + 4 + length);
  expect([out[0], (out[1] as number) & 0x80]).toEqual([0x82, 0x80]);
  expect(header === 2 ? (out[1] as number) & 0x7f : out.readUInt16BE(2)).toBe(length);
  const unmasked = payload.map((_, i) => (out[header + 4 + i] as number) ^ (out[header + (i & 3)] as number));
  expect(unmasked).toEqual(payload);
});
