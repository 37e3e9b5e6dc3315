import { ByteReader, ByteWriter, catalogue, type ErrorCode, errorOfClose } from '@lifeverse/protocol';

/**
 * How a zone asks the backend for what must last. The bus may lose a message and may bring it twice: a zone says a
 * request again, with the same number, until it is answered, and the backend answers one that comes again alike, since
 * what is asked for changes nothing the second time.
 */
export interface DeskRequest {
  readonly zone: number;
  /** Fencing number of the zone's ownership: who has been replaced is refused. */
  readonly epoch: number;
  /** Counts the requests of this owner, from 1. */
  readonly number: number;
  readonly kind: DeskKind;
  readonly body: Uint8Array;
}

export const deskKinds = ['load', 'checkpoint', 'presence', 'durable'] as const;
/** `durable`: an operation on belongings, its body known to those who do them. The others: see desk-bodies.ts. */
export type DeskKind = (typeof deskKinds)[number];

/** To the owner of that epoch alone: another one has numbers of its own. */
export interface DeskAnswer {
  readonly zone: number;
  readonly epoch: number;
  readonly number: number;
  readonly outcome: DeskOutcome;
}

export type DeskOutcome =
  | { readonly kind: 'done'; readonly body: Uint8Array }
  /** Decided, and not to be asked again. */
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  /** Nothing was decided, for instance because the database cannot be reached: to be asked again after `retryMs`. */
  | { readonly kind: 'later'; readonly code: ErrorCode; readonly retryMs: number };

export const deskLimits = {
  /** Body of a request or an answer. */
  bodyBytes: 262_144,
  /** Longest wait that an answer may ask for. */
  retryMs: 60_000,
} as const;

const REQUEST = 0x81;
const ANSWER = 0x82;
const outcomes = ['done', 'refused', 'later'] as const satisfies readonly DeskOutcome['kind'][];

export function encodeDeskRequest(request: DeskRequest): Uint8Array {
  const out = new ByteWriter(32 + request.body.length);
  out.u8(REQUEST);
  out.varint(request.zone);
  out.varint(request.epoch);
  out.varint(request.number);
  out.u8(deskKinds.indexOf(request.kind));
  out.blob(request.body);
  return out.bytes();
}

/** Undefined when the bytes are no request. The body is a view of them. */
export function decodeDeskRequest(bytes: Uint8Array): DeskRequest | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== REQUEST) return undefined;
  const head = { zone: from.varint(), epoch: from.varint(), number: from.varint() };
  const kind = deskKinds[from.u8()];
  const body = from.blob(deskLimits.bodyBytes);
  return from.failed || from.left > 0 || kind === undefined ? undefined : { ...head, kind, body };
}

export function encodeDeskAnswer({ zone, epoch, number, outcome }: DeskAnswer): Uint8Array {
  const out = new ByteWriter(32 + (outcome.kind === 'done' ? outcome.body.length : 0));
  out.u8(ANSWER);
  out.varint(zone);
  out.varint(epoch);
  out.varint(number);
  out.u8(outcomes.indexOf(outcome.kind));
  if (outcome.kind === 'done') out.blob(outcome.body);
  else out.u16(catalogue[outcome.code].close);
  if (outcome.kind === 'later') out.varint(outcome.retryMs);
  return out.bytes();
}

/** Undefined when the bytes are no answer. The body is a view of them. */
export function decodeDeskAnswer(bytes: Uint8Array): DeskAnswer | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== ANSWER) return undefined;
  const head = { zone: from.varint(), epoch: from.varint(), number: from.varint() };
  const outcome = readOutcome(from);
  return from.failed || from.left > 0 || outcome === undefined ? undefined : { ...head, outcome };
}

function readOutcome(from: ByteReader): DeskOutcome | undefined {
  const kind = outcomes[from.u8()];
  if (kind === undefined) return undefined;
  if (kind === 'done') return { kind, body: from.blob(deskLimits.bodyBytes) };
  const code = errorOfClose(from.u16());
  if (code === undefined) return undefined;
  if (kind === 'refused') return { kind, code };
  const retryMs = from.varint();
  return retryMs > deskLimits.retryMs ? undefined : { kind, code, retryMs };
}
