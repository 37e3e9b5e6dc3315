import { ByteWriter } from './bytes.ts';
import { type ClientMessage, type clientType, encodeClientMessage } from './client-message.ts';
import {
  encodeWelcome,
  serverType,
  writeCellKey,
  writeContinued,
  writeGo,
  writeKeysHeader,
  writePace,
  writePrivate,
} from './server-message.ts';

/** One message of every kind, with a value in every part: their bytes are what a version of the protocol is. */
const clientMessages: { readonly [K in keyof typeof clientType]: Extract<ClientMessage, { type: K }> } = {
  hello: { type: 'hello', newest: 2, oldest: 1, layout: '0123456789abcdef', ticket: 'ticket-\u00e9' },
  input: { type: 'input', sequence: 300, tick: 70_000, sentMs: 123_456, body: Uint8Array.of(1, 0x80, 0xff, 0) },
  heartbeat: { type: 'heartbeat', sentMs: 40_000 },
  rekey: { type: 'rekey', reason: 'checksum', cells: [0, 20, 200] },
  mute: { type: 'mute', entity: 2 ** 40, muted: true },
  leave: { type: 'leave' },
  operation: {
    type: 'operation',
    key: Uint8Array.from({ length: 16 }, (_, i) => i * 16 + i),
    again: true,
    body: Uint8Array.of(3, 0x80),
  },
  move: { type: 'move', newest: 4, oldest: 3, layout: '0123456789abcdef', incarnation: 300, ticket: 'ticket-\u00e9' },
};

const serverMessages: { readonly [K in keyof typeof serverType]: Uint8Array } = {
  welcome: encodeWelcome({
    version: 2,
    serverMs: 123_456.789,
    tick: 2_469,
    entity: 2 ** 40,
    incarnation: 3,
    anchorX: -5,
    anchorY: 1_000,
    linkClass: 1,
    audiences: 0b101,
    rate: 192,
    layoutFingerprint: '0123456789abcdef',
    mapFingerprint: 'fedcba9876543210',
    stepFingerprint: 'step',
    layoutJson: '{"name":"\u00e9"}',
  }),
  frame: message((out) => {
    out.u8(serverType.frame);
    out.u8(2_469 & 0xff);
    out.varint(20 * 4 + 3);
    out.octets(Uint8Array.of(0));
    out.varint(200 * 4 + 1);
    out.octets(Uint8Array.of(0));
  }),
  keys: message((out) => {
    writeKeysHeader(out, 2_469, -5, 1_000, 1, 0b101);
    const sections = [
      { tick: 2_000, bytes: Uint8Array.of(1, 2, 3) },
      { tick: 2_469, bytes: Uint8Array.of(0) },
    ];
    writeCellKey(out, { index: 200, sequence: 255, sections }, 2_469);
  }),
  private: message((out) => {
    const echo = { sentMs: 40_000, heldMs: 12.5, serverTime: 1_975_308 };
    writePrivate(out, { echo, body: Uint8Array.of(0xa5, 1) });
  }),
  events: message((out) => {
    out.u8(serverType.events);
    out.u8(2_469 & 0xff);
    out.varint(2 ** 40);
    out.octets(Uint8Array.of(1, 2, 0));
  }),
  pace: message((out) => writePace(out, 2_469, 192)),
  go: message((out) => writeGo(out, { reason: 'better', withinMs: 10_000, address: 'https://b' })),
  continued: message((out) => writeContinued(out, 300)),
};

export const goldenMessages = { clientMessages, serverMessages };

function message(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.bytes();
}

/** `kind hex`, a line each. */
export function goldenDump(): string[] {
  const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    ...Object.entries(clientMessages).map(([kind, sent]) => `${kind} ${hex(encodeClientMessage(sent))}`),
    ...Object.entries(serverMessages).map(([kind, bytes]) => `${kind} ${hex(bytes)}`),
  ];
}
