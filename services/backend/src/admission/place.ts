import { createHmac, timingSafeEqual } from 'node:crypto';
import { ByteReader, ByteWriter, type ErrorCode } from '@lifeverse/protocol';
import { PLACE_MS } from './waiting-room.ts';

/** A place in the waiting room, as its holder carries it about. */
export interface Place {
  /** Whose: of a session, or drawn for who has none. */
  readonly subject: string;
  /** Server's wall clock, milliseconds since 1970, and what was drawn then. */
  readonly arrivedMs: number;
  readonly tie: number;
  /** When this was written: it is written anew with every answer. */
  readonly saidMs: number;
}

const FORMAT = 1;
const SIGNATURE_BYTES = 32;
const SUBJECT_BYTES = 64;
/** Longer texts are no place. */
const PLACE_CHARS = 192;
const FORM = /^[A-Za-z0-9_-]+$/;

/** `key`: 32 secret bytes that outlive the process. Method: HMAC-SHA-256 over what the place says. */
export function writePlace(key: Uint8Array, place: Place): string {
  const out = new ByteWriter(96);
  out.u8(FORMAT);
  out.text(place.subject);
  out.f64(place.arrivedMs);
  out.varint(place.tie);
  out.f64(place.saidMs);
  return Buffer.concat([out.view(), signature(key, out.view())]).toString('base64url');
}

/** What the place says, if it was written here and not asked about for no more than a minute. */
export function readPlace(key: Uint8Array, text: string, nowMs: number): Place | ErrorCode {
  if (text.length > PLACE_CHARS || !FORM.test(text)) return 'place_invalid';
  const bytes = Buffer.from(text, 'base64url');
  // One text for one place: no other spelling of the same bytes.
  if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== text) return 'place_invalid';
  const said = bytes.subarray(0, -SIGNATURE_BYTES);
  if (!timingSafeEqual(signature(key, said), bytes.subarray(-SIGNATURE_BYTES))) return 'place_invalid';
  const from = new ByteReader(said);
  const format = from.u8();
  const place = { subject: from.text(SUBJECT_BYTES), arrivedMs: from.f64(), tie: from.varint(), saidMs: from.f64() };
  if (format !== FORMAT || from.failed || from.left > 0) return 'place_invalid';
  return nowMs - place.saidMs > PLACE_MS ? 'place_expired' : place;
}

function signature(key: Uint8Array, said: Uint8Array): Buffer {
  return createHmac('sha256', key).update('waiting room\0').update(said).digest();
}
