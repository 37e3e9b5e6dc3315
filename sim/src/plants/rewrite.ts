import {
  type Bundle,
  type BundleHeader,
  BundleWriter,
  decodeBundle,
  decodeUplink,
  type SessionRecord,
  type Uplink,
  type UplinkOp,
  UplinkWriter,
} from '@lifeverse/contracts';

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
}

/** The same bundle with something else in it. */
export function rewriteBundle(bytes: Uint8Array, change: (bundle: Bundle) => BundleChange): Uint8Array {
  const bundle = decodeBundle(bytes);
  if (bundle === undefined) return bytes;
  const { header, heads, session, tellings } = change(bundle);
  const out = new BundleWriter();
  for (const { slot, key, start, end } of bundle.sections) out.section(slot, key, bytes.subarray(start, end));
  for (const record of bundle.sessions) out.session(session === undefined ? record : session(record));
  for (const event of bundle.events) for (let i = 0; i < (tellings ?? 1); i++) out.event(event);
  return out.take({ ...bundle, ...header }, heads ?? bundle.heads);
}
