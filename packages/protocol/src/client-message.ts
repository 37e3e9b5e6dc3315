import { ByteReader, ByteWriter } from './bytes.ts';
import type { ErrorCode } from './errors.ts';
import * as limits from './limits.ts';

/** First byte of what a client sends. */
export const clientType = {
  hello: 0x01,
  input: 0x02,
  heartbeat: 0x03,
  rekey: 0x04,
  mute: 0x05,
  leave: 0x06,
  operation: 0x07,
  move: 0x08,
} as const;

export const rekeyReasons = ['gap', 'checksum', 'malformed'] as const;
export type RekeyReason = (typeof rekeyReasons)[number];

export type ClientMessage =
  | {
      readonly type: 'hello';
      readonly newest: number;
      readonly oldest: number;
      readonly layout: string;
      readonly ticket: string;
    }
  /**
   * Commands for one tick. `tick` is its low 16 bits; `sentMs` the client's own clock, low 16 bits, echoed back;
   * `body` is bit-packed by the world's layout and not read by a gateway.
   */
  | {
      readonly type: 'input';
      readonly sequence: number;
      readonly tick: number;
      readonly sentMs: number;
      readonly body: Uint8Array;
    }
  | { readonly type: 'heartbeat'; readonly sentMs: number }
  /** Cells in view (their index there) of which the client wants a keyframe. */
  | { readonly type: 'rekey'; readonly reason: RekeyReason; readonly cells: readonly number[] }
  | { readonly type: 'mute'; readonly entity: number; readonly muted: boolean }
  | { readonly type: 'leave' }
  /**
   * What is to last (PR32). `key`: 16 random bytes, the same ones with every repetition, which has `again` set; `body` is
   * bit-packed by the world's layout and not read by a gateway.
   */
  | { readonly type: 'operation'; readonly key: Uint8Array; readonly again: boolean; readonly body: Uint8Array }
  /** In place of `hello`, on a second connection: goes on here with what the incarnation of the first has begun (PR35). */
  | {
      readonly type: 'move';
      readonly newest: number;
      readonly oldest: number;
      readonly layout: string;
      readonly incarnation: number;
      readonly ticket: string;
    };

export function encodeClientMessage(message: ClientMessage): Uint8Array {
  const out = new ByteWriter(64);
  out.u8(clientType[message.type]);
  switch (message.type) {
    case 'hello':
      out.u8(message.newest);
      out.u8(message.oldest);
      out.text(message.layout);
      out.text(message.ticket);
      break;
    case 'input':
      out.varint(message.sequence);
      out.u16(message.tick & 0xffff);
      out.u16(message.sentMs & 0xffff);
      out.octets(message.body);
      break;
    case 'heartbeat':
      out.u16(message.sentMs & 0xffff);
      break;
    case 'rekey':
      out.u8(rekeyReasons.indexOf(message.reason));
      out.varint(message.cells.length);
      for (const cell of message.cells) out.varint(cell);
      break;
    case 'mute':
      out.varint(message.entity);
      out.u8(message.muted ? 1 : 0);
      break;
    case 'leave':
      break;
    case 'operation':
      out.octets(message.key);
      out.u8(message.again ? 1 : 0);
      out.octets(message.body);
      break;
    case 'move':
      out.u8(message.newest);
      out.u8(message.oldest);
      out.text(message.layout);
      out.varint(message.incarnation);
      out.text(message.ticket);
      break;
  }
  return out.bytes();
}

/** Total: any bytes give a message or the code of what is wrong with them. Bodies and keys are views, not copies. */
export function decodeClientMessage(bytes: Uint8Array): ClientMessage | ErrorCode {
  if (bytes.length > limits.messageBytes) return 'message_too_large';
  const from = new ByteReader(bytes);
  const message = readBody(from.u8(), from);
  return message === undefined || from.failed || from.left > 0 ? 'malformed_message' : message;
}

function readBody(type: number, from: ByteReader): ClientMessage | undefined {
  switch (type) {
    case clientType.hello:
      return {
        type: 'hello',
        newest: from.u8(),
        oldest: from.u8(),
        layout: from.text(64),
        ticket: from.text(limits.ticketChars),
      };
    case clientType.input:
      return {
        type: 'input',
        sequence: from.varint(),
        tick: from.u16(),
        sentMs: from.u16(),
        body: from.octets(from.left),
      };
    case clientType.heartbeat:
      return { type: 'heartbeat', sentMs: from.u16() };
    case clientType.rekey: {
      const reason = rekeyReasons[from.u8()];
      const count = from.varint();
      if (reason === undefined || count > limits.cellsInView) return undefined;
      const cells: number[] = [];
      for (let i = 0; i < count && !from.failed; i++) cells.push(from.varint());
      return { type: 'rekey', reason, cells };
    }
    case clientType.mute: {
      const entity = from.varint();
      const muted = from.u8();
      return muted > 1 ? undefined : { type: 'mute', entity, muted: muted === 1 };
    }
    case clientType.leave:
      return { type: 'leave' };
    case clientType.operation: {
      const key = from.octets(limits.keyBytes);
      const again = from.u8();
      if (again > 1 || from.left > limits.operationBytes) return undefined;
      return { type: 'operation', key, again: again === 1, body: from.octets(from.left) };
    }
    case clientType.move:
      return {
        type: 'move',
        newest: from.u8(),
        oldest: from.u8(),
        layout: from.text(64),
        incarnation: from.varint(),
        ticket: from.text(limits.ticketChars),
      };
    default:
      return undefined;
  }
}
