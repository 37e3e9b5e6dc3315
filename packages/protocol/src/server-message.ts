import { type ByteReader, ByteWriter } from './bytes.ts';
import * as limits from './limits.ts';

/** First byte of what a server sends. */
export const serverType = {
  welcome: 0x41,
  frame: 0x42,
  keys: 0x43,
  private: 0x44,
  events: 0x45,
  pace: 0x46,
  go: 0x47,
  continued: 0x48,
} as const;

/** Server times on the wire: sixteenths of a millisecond since the world's origin, modulo 2^32 (74 hours). */
const TIME_STEPS_PER_MS = 16;

export interface Welcome {
  readonly version: number;
  /** Milliseconds since the world's origin, when this was sent. */
  readonly serverMs: number;
  /** The tick that the next messages refer to; they carry its low 8 bits. */
  readonly tick: number;
  readonly entity: number;
  readonly incarnation: number;
  readonly anchorX: number;
  readonly anchorY: number;
  readonly linkClass: number;
  /** Bit k: the k-th audience of the layout. */
  readonly audiences: number;
  /** 256 is normal time. */
  readonly rate: number;
  readonly layoutFingerprint: string;
  readonly mapFingerprint: string;
  readonly stepFingerprint: string;
  /** The server's layout as JSON, when the client's differs; else empty. */
  readonly layoutJson: string;
}

/** Thousands of years; whoever counts on from there never leaves the integers. */
const MOST_TICK = 2 ** 45;

export function encodeWelcome(welcome: Welcome): Uint8Array {
  const out = new ByteWriter(128);
  out.u8(serverType.welcome);
  out.u8(welcome.version);
  out.f64(welcome.serverMs);
  out.varint(welcome.tick);
  out.varint(welcome.entity);
  out.varint(welcome.incarnation);
  out.zigzag(welcome.anchorX);
  out.zigzag(welcome.anchorY);
  out.u8(welcome.linkClass);
  out.u8(welcome.audiences);
  out.u16(welcome.rate);
  out.text(welcome.layoutFingerprint);
  out.text(welcome.mapFingerprint);
  out.text(welcome.stepFingerprint);
  out.text(welcome.layoutJson);
  return out.bytes();
}

/** Reads what follows the type byte; undefined when it is not a welcome. */
export function decodeWelcome(from: ByteReader): Welcome | undefined {
  const welcome: Welcome = {
    version: from.u8(),
    serverMs: from.f64(),
    tick: from.varint(),
    entity: from.varint(),
    incarnation: from.varint(),
    anchorX: from.zigzag(),
    anchorY: from.zigzag(),
    linkClass: from.u8(),
    audiences: from.u8(),
    rate: from.u16(),
    layoutFingerprint: from.text(64),
    mapFingerprint: from.text(64),
    stepFingerprint: from.text(64),
    layoutJson: from.text(limits.layoutBytes),
  };
  const { serverMs, tick } = welcome;
  const plausible = serverMs >= 0 && serverMs <= Number.MAX_SAFE_INTEGER && tick <= MOST_TICK;
  return from.failed || from.left > 0 || !plausible ? undefined : welcome;
}

/** What one cell needs to be shown from nothing: a keyframe and the changes since, each with its age in ticks. */
export interface CellKey {
  /** Index in the view, see `sync`'s SPEC. */
  readonly index: number;
  /** The stream's sequence after the last of these sections, modulo 256. */
  readonly sequence: number;
  readonly sections: readonly { readonly tick: number; readonly bytes: Uint8Array }[];
}

/** Header of `keys`; the cells follow, each by `writeCellKey`, until the end of the message. */
export function writeKeysHeader(
  out: ByteWriter,
  tick: number,
  anchorX: number,
  anchorY: number,
  linkClass: number,
  audiences: number,
): void {
  out.u8(serverType.keys);
  out.u8(tick & 0xff);
  out.zigzag(anchorX);
  out.zigzag(anchorY);
  out.u8(linkClass);
  out.u8(audiences);
}

export function writeCellKey(out: ByteWriter, key: CellKey, tick: number): void {
  out.varint(key.index);
  out.u8(key.sequence & 0xff);
  out.u8(key.sections.length);
  for (const section of key.sections) {
    out.varint(tick - section.tick);
    out.octets(section.bytes);
  }
}

/**
 * What only one player receives, behind the shared frame. `echo`: the client's own time stamp as it came, how long
 * it was held, and the server's time at sending: one sample for the clock. `body`: from the zone, see `sync`'s SPEC.
 */
export interface PrivateMessage {
  readonly echo: { readonly sentMs: number; readonly heldMs: number; readonly serverTime: number } | null;
  readonly body: Uint8Array;
}

const HELD_STEPS_PER_MS = 16;

export function writePrivate(out: ByteWriter, message: PrivateMessage): void {
  out.u8(serverType.private);
  out.u8(message.echo === null ? 0 : 1);
  if (message.echo !== null) {
    out.u16(message.echo.sentMs);
    out.u16(Math.min(0xffff, Math.round(message.echo.heldMs * HELD_STEPS_PER_MS)));
    out.u32(message.echo.serverTime);
  }
  out.octets(message.body);
}

export function decodePrivate(from: ByteReader): PrivateMessage | undefined {
  const flags = from.u8();
  const echo =
    flags === 1 ? { sentMs: from.u16(), heldMs: from.u16() / HELD_STEPS_PER_MS, serverTime: from.u32() } : null;
  const body = from.octets(from.left);
  return from.failed || flags > 1 ? undefined : { echo, body };
}

/** The rate of time, 256 being normal, from this tick on. Version 2. */
export function writePace(out: ByteWriter, tick: number, rate: number): void {
  out.u8(serverType.pace);
  out.u8(tick & 0xff);
  out.u16(rate);
}

/** `stopping`: the gateway ends after that time. `better`: another one suits this player more, and nothing ends. */
const goReasons = ['stopping', 'better'] as const;

/** A player is asked to go on by another gateway. Version 4. */
export interface Go {
  readonly reason: (typeof goReasons)[number];
  /** So long there is for it. */
  readonly withinMs: number;
  /** Where: a web origin; empty: any other one. */
  readonly address: string;
}

export function writeGo(out: ByteWriter, { reason, withinMs, address }: Go): void {
  out.u8(serverType.go);
  out.u8(goReasons.indexOf(reason));
  out.varint(withinMs);
  out.text(address);
}

/** Reads what follows the type byte; undefined when it asks for nothing. */
export function decodeGo(from: ByteReader): Go | undefined {
  const reason = goReasons[from.u8()];
  const withinMs = from.varint();
  const address = from.text(limits.addressBytes);
  return from.failed || from.left > 0 || reason === undefined ? undefined : { reason, withinMs, address };
}

/** Behind the welcome of who moved: inputs up to this one are with the zone, and the next ones are counted on from it. Version 4. */
export function writeContinued(out: ByteWriter, applied: number): void {
  out.u8(serverType.continued);
  out.varint(applied);
}

/** Reads what follows the type byte; undefined when it is no such message. */
export function decodeContinued(from: ByteReader): number | undefined {
  const applied = from.varint();
  return from.failed || from.left > 0 ? undefined : applied;
}

/** A server time as it travels. */
export function wireTime(serverMs: number): number {
  return Math.floor(serverMs * TIME_STEPS_PER_MS) % 0x1_0000_0000;
}

/** The server time nearest to `nearMs` that travels as `wire`. */
export function unwrapTime(wire: number, nearMs: number): number {
  const span = 0x1_0000_0000 / TIME_STEPS_PER_MS;
  const ms = wire / TIME_STEPS_PER_MS;
  return ms + Math.round((nearMs - ms) / span) * span;
}
