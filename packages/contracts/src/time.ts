import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** A gateway asks what time it is in the world. Its questions are numbered: an answer is to one of them. */
export interface TimeQuestion {
  readonly gateway: string;
  readonly number: number;
}

export interface TimeAnswer {
  readonly number: number;
  /** Milliseconds since the world's origin; to the microsecond. */
  readonly serverMs: number;
  /** How far that may be off. */
  readonly uncertaintyMs: number;
}

const GATEWAY_BYTES = 255;
const US_PER_MS = 1_000;

export function encodeTimeQuestion({ gateway, number }: TimeQuestion): Uint8Array {
  const out = new ByteWriter(16 + gateway.length);
  out.text(gateway);
  out.varint(number);
  return out.bytes();
}

/** Undefined when the bytes are no question. */
export function decodeTimeQuestion(bytes: Uint8Array): TimeQuestion | undefined {
  const from = new ByteReader(bytes);
  const question = { gateway: from.text(GATEWAY_BYTES), number: from.varint() };
  return from.failed || from.left > 0 ? undefined : question;
}

export function encodeTimeAnswer({ number, serverMs, uncertaintyMs }: TimeAnswer): Uint8Array {
  const out = new ByteWriter(24);
  out.varint(number);
  out.varint(Math.round(serverMs * US_PER_MS));
  out.varint(Math.ceil(uncertaintyMs * US_PER_MS));
  return out.bytes();
}

/** Undefined when the bytes are no answer. */
export function decodeTimeAnswer(bytes: Uint8Array): TimeAnswer | undefined {
  const from = new ByteReader(bytes);
  const number = from.varint();
  const serverMs = from.varint() / US_PER_MS;
  const uncertaintyMs = from.varint() / US_PER_MS;
  return from.failed || from.left > 0 ? undefined : { number, serverMs, uncertaintyMs };
}
