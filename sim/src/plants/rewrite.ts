import {
  type Bundle,
  type BundleHeader,
  BundleWriter,
  decodeBundle,
  decodeNeighbourMessage,
  decodeUplink,
  encodeNeighbourMessage,
  type HeardEvent,
  type NeighbourMessage,
  type SessionRecord,
  type Uplink,
  type UplinkOp,
  UplinkWriter,
} from '@lifeverse/contracts';
import {
  decodeNeighbourNote,
  decodeTraveller,
  encodeNeighbourNote,
  encodeTraveller,
  type NeighbourNote,
  type Traveller,
} from '@lifeverse/world/between-zones';

/** The same uplink with other operations. */
export function rewriteUplink(
  bytes: Uint8Array,
  change: (op: UplinkOp, uplink: Uplink) => UplinkOp | null,
): Uint8Array {
  const uplink = decodeUplink(bytes);
  if (uplink === undefined) return bytes;
  const out = new UplinkWriter(uplink.gateway, uplink.generation);
  for (const op of uplink.ops) {
    const changed = change(op, uplink);
    if (changed !== null) out.add(changed);
  }
  return out.take();
}

export interface BundleChange {
  readonly header?: Partial<BundleHeader>;
  readonly heads?: Uint8Array;
  readonly session?: (record: SessionRecord) => SessionRecord;
  /** How often each event is told. */
  readonly tellings?: number;
  /** Whether that event is told at all. */
  readonly isTold?: (event: HeardEvent) => boolean;
}

/** The same bundle with something else in it. */
export function rewriteBundle(bytes: Uint8Array, change: (bundle: Bundle) => BundleChange): Uint8Array {
  const bundle = decodeBundle(bytes);
  if (bundle === undefined) return bytes;
  const { header, heads, session, tellings, isTold } = change(bundle);
  const out = new BundleWriter();
  for (const { slot, key, start, end } of bundle.sections) out.section(slot, key, bytes.subarray(start, end));
  for (const record of bundle.sessions) out.session(session === undefined ? record : session(record));
  for (const event of bundle.events.filter(isTold ?? (() => true)))
    for (let i = 0; i < (tellings ?? 1); i++) out.event(event);
  return out.take({ ...bundle, ...header }, heads ?? bundle.heads);
}

/** The same message from zone to zone with something else in it. */
export function rewriteMessage(
  bytes: Uint8Array,
  change: (message: NeighbourMessage) => Partial<NeighbourMessage>,
): Uint8Array {
  const message = decodeNeighbourMessage(bytes);
  return message === undefined ? bytes : encodeNeighbourMessage({ ...message, ...change(message) });
}

/** What takes the place of a note that is left out: it says nothing, and keeps its number. */
const nothing: NeighbourNote = { note: 'freeze', character: '' };

/** The same notes, or others in their place; null: nothing. */
export function rewriteNotes(
  bytes: Uint8Array,
  change: (note: NeighbourNote, number: number, message: NeighbourMessage) => NeighbourNote | null,
): Uint8Array {
  return rewriteMessage(bytes, (message) => ({
    notes: message.notes.map((note, i) => {
      const read = decodeNeighbourNote(note);
      return read === undefined ? note : encodeNeighbourNote(change(read, message.first + i, message) ?? nothing);
    }),
  }));
}

/** The same travellers with something else about them. */
export function rewriteTravellers(bytes: Uint8Array, change: (traveller: Traveller) => Traveller): Uint8Array {
  return rewriteNotes(bytes, (note) => {
    const traveller = note.note === 'arrive' ? decodeTraveller(note.traveller) : undefined;
    return traveller === undefined ? note : { note: 'arrive', traveller: encodeTraveller(change(traveller)) };
  });
}
