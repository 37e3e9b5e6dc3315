import { assert } from '@lifeverse/base';
import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/**
 * What a zone says to one reader in one tick: the head of every stream that the reader wants (so that even a last
 * message's loss is seen within a tick), what changed in them, what concerns its sessions, and what was heard.
 */
export interface BundleHeader {
  readonly zone: number;
  /** Fencing number of the zone's ownership: a reader drops what is below the highest it has seen. */
  readonly epoch: number;
  /** The life of the reader that this is for: an earlier one had other streams and sessions under the same numbers. */
  readonly generation: number;
  /** The tick since which the zone knows the reader; another one: it had forgotten it, and every stream begins anew. */
  readonly since: number;
  /** Counts this reader's bundles. */
  readonly sequence: number;
  readonly tick: number;
  /** The rate of time, 256 being normal. */
  readonly rate: number;
  /** The version of the reader's interest that this bundle answers. */
  readonly interestVersion: number;
}

export interface SessionRecord {
  readonly session: number;
  /** The session's avatar stands in the world. */
  readonly attached?:
    | {
        readonly entity: number;
        readonly incarnation: number;
        /** How often the avatar was handed over: of two zones that say that it stands with them, the higher is right. */
        readonly handovers: number;
      }
    | undefined;
  /** The avatar stands in another zone from now on, by that handover; or stood there already when it was asked for. */
  readonly moved?: { readonly zone: number; readonly handovers: number } | undefined;
  /** The anchor cell, when it changed or with `attached`. */
  readonly anchor?: { readonly x: number; readonly y: number } | undefined;
  /** Audiences of this player, bit k the k-th of the layout, when they changed or with `attached`. */
  readonly audiences?: number | undefined;
  /** Inputs up to this one have a second copy, or need none. */
  readonly stable?: number | undefined;
  /** With `stable`: inputs up to this one count, and are said again to another owner alone. Left out: none but the stable ones. */
  readonly applied?: number | undefined;
  /** Operations up to this one, as the gateway counts them, are with the zone. */
  readonly held?: number | undefined;
  /** For the player alone; a gateway does not read it. */
  readonly body?: Uint8Array | undefined;
  /** The zone has ended the session: a WebSocket close code of the catalogue. */
  readonly ended?: number | undefined;
}

export interface HeardEvent {
  readonly cell: number;
  readonly audience: number;
  /** Heard in the cells whose offset satisfies dx*dx + dy*dy <= this. */
  readonly reachSquared: number;
  readonly from: number;
  readonly body: Uint8Array;
}

/** One section: where it lies in the bundle's bytes. No view of its own: there are thousands of them in a tick. */
export interface BundleSection {
  readonly slot: number;
  readonly key: boolean;
  readonly start: number;
  readonly end: number;
}

export interface Bundle extends BundleHeader {
  readonly bytes: Uint8Array;
  /** Sequence of each wanted stream after this bundle, modulo 256, by reader slot. A view of the bytes. */
  readonly heads: Uint8Array;
  readonly sections: readonly BundleSection[];
  readonly sessions: readonly SessionRecord[];
  readonly events: readonly HeardEvent[];
}

const KIND = 0x61;
const flag = { attached: 1, anchor: 2, audiences: 4, stable: 8, body: 16, ended: 32, held: 64, moved: 128 } as const;
const MAX_ITEMS = 1_000_000;

export class BundleWriter {
  readonly #out = new ByteWriter(65_536);
  readonly #sections = new ByteWriter(65_536);
  readonly #sessions = new ByteWriter(16_384);
  readonly #events = new ByteWriter(4_096);
  #sectionCount = 0;
  #sessionCount = 0;
  #eventCount = 0;

  section(slot: number, key: boolean, bytes: Uint8Array): void {
    this.#sectionCount++;
    this.#sections.varint(slot * 2 + (key ? 1 : 0));
    this.#sections.blob(bytes);
  }

  session(record: SessionRecord): void {
    this.#sessionCount++;
    const out = this.#sessions;
    const { attached, anchor, audiences, stable, applied = stable, body, ended, held, moved } = record;
    out.varint(record.session);
    out.u8(
      (attached ? flag.attached : 0) |
        (anchor ? flag.anchor : 0) |
        (audiences === undefined ? 0 : flag.audiences) |
        (stable === undefined ? 0 : flag.stable) |
        (body ? flag.body : 0) |
        (ended === undefined ? 0 : flag.ended) |
        (held === undefined ? 0 : flag.held) |
        (moved ? flag.moved : 0),
    );
    if (attached) {
      out.varint(attached.entity);
      out.varint(attached.incarnation);
      out.varint(attached.handovers);
    }
    if (anchor) {
      out.zigzag(anchor.x);
      out.zigzag(anchor.y);
    }
    if (audiences !== undefined) out.u8(audiences);
    if (stable !== undefined && applied !== undefined) {
      assert(applied >= stable, 'what does not count yet is not stable');
      out.varint(stable);
      out.varint(applied - stable);
    }
    if (body) out.blob(body);
    if (ended !== undefined) out.u16(ended);
    if (held !== undefined) out.varint(held);
    if (moved) {
      out.varint(moved.zone);
      out.varint(moved.handovers);
    }
  }

  event(event: HeardEvent): void {
    this.#eventCount++;
    this.#events.varint(event.cell);
    this.#events.u8(event.audience);
    this.#events.varint(event.reachSquared);
    this.#events.varint(event.from);
    this.#events.blob(event.body);
  }

  /** The whole message; the writer is empty again. */
  take(header: BundleHeader, heads: Uint8Array): Uint8Array {
    const out = this.#out;
    out.reset();
    out.u8(KIND);
    out.varint(header.zone);
    out.varint(header.epoch);
    out.varint(header.generation);
    out.varint(header.since);
    out.varint(header.sequence);
    out.varint(header.tick);
    out.u16(header.rate);
    out.varint(header.interestVersion);
    out.blob(heads);
    out.varint(this.#sectionCount);
    out.octets(this.#sections.view());
    out.varint(this.#sessionCount);
    out.octets(this.#sessions.view());
    out.varint(this.#eventCount);
    out.octets(this.#events.view());
    this.#sections.reset();
    this.#sessions.reset();
    this.#events.reset();
    this.#sectionCount = this.#sessionCount = this.#eventCount = 0;
    return out.bytes();
  }
}

/** Which zone the bytes are a bundle of; undefined when they are none. */
export function zoneOfBundle(bytes: Uint8Array): number | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== KIND) return undefined;
  const zone = from.varint();
  return from.failed ? undefined : zone;
}

/** Undefined when the bytes are no bundle. Everything in it is a view of the bytes, or a place in them. */
export function decodeBundle(bytes: Uint8Array): Bundle | undefined {
  const from = new ByteReader(bytes);
  if (from.u8() !== KIND) return undefined;
  const header = {
    zone: from.varint(),
    epoch: from.varint(),
    generation: from.varint(),
    since: from.varint(),
    sequence: from.varint(),
    tick: from.varint(),
    rate: from.u16(),
    interestVersion: from.varint(),
  };
  const heads = from.blob(MAX_ITEMS);
  const sections = readMany(from, readSection);
  const sessions = readMany(from, readSession);
  const events = readMany(from, readEvent);
  return from.failed || from.left > 0 ? undefined : { ...header, bytes, heads, sections, sessions, events };
}

function readMany<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  const count = from.varint();
  if (count > MAX_ITEMS) from.fail();
  const items: T[] = [];
  for (let i = 0; i < count && !from.failed; i++) items.push(read(from));
  return items;
}

function readSection(from: ByteReader): BundleSection {
  const reference = from.varint();
  const length = from.varint();
  const start = from.position;
  from.skip(length);
  return { slot: Math.floor(reference / 2), key: reference % 2 === 1, start, end: start + length };
}

function readStable(from: ByteReader): Pick<SessionRecord, 'stable' | 'applied'> {
  const stable = from.varint();
  return { stable, applied: stable + from.varint() };
}

function readSession(from: ByteReader): SessionRecord {
  const session = from.varint();
  const flags = from.u8();
  return {
    session,
    attached:
      flags & flag.attached
        ? { entity: from.varint(), incarnation: from.varint(), handovers: from.varint() }
        : undefined,
    anchor: flags & flag.anchor ? { x: from.zigzag(), y: from.zigzag() } : undefined,
    audiences: flags & flag.audiences ? from.u8() : undefined,
    ...(flags & flag.stable ? readStable(from) : {}),
    body: flags & flag.body ? from.blob(MAX_ITEMS) : undefined,
    ended: flags & flag.ended ? from.u16() : undefined,
    held: flags & flag.held ? from.varint() : undefined,
    moved: flags & flag.moved ? { zone: from.varint(), handovers: from.varint() } : undefined,
  };
}

function readEvent(from: ByteReader): HeardEvent {
  return {
    cell: from.varint(),
    audience: from.u8(),
    reachSquared: from.varint(),
    from: from.varint(),
    body: from.blob(MAX_ITEMS),
  };
}
