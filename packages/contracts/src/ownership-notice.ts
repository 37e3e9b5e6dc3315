import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** What a zone server says of itself to all others, several times within a lease. */
export interface OwnershipNotice {
  /** What its operator calls it; no two that run at the same time are called the same. */
  readonly server: string;
  /** Its last question to the database was answered. */
  readonly reaches: boolean;
  /** What it owns, by its epochs. */
  readonly zones: readonly { readonly zone: number; readonly epoch: number }[];
}

/** A name has at most 255 characters. */
export const ownershipLimits = { serverBytes: 1_020, zones: 4_096 } as const;

export function encodeOwnershipNotice({ server, reaches, zones }: OwnershipNotice): Uint8Array {
  const out = new ByteWriter(32 + server.length + zones.length * 8);
  out.text(server);
  out.u8(reaches ? 1 : 0);
  out.varint(zones.length);
  for (const { zone, epoch } of zones) {
    out.varint(zone);
    out.varint(epoch);
  }
  return out.bytes();
}

/** Undefined when the bytes are no notice. */
export function decodeOwnershipNotice(bytes: Uint8Array): OwnershipNotice | undefined {
  const from = new ByteReader(bytes);
  const server = from.text(ownershipLimits.serverBytes);
  const reaches = from.u8();
  const count = from.varint();
  if (reaches > 1 || count > ownershipLimits.zones) return undefined;
  const zones: { zone: number; epoch: number }[] = [];
  for (let i = 0; i < count && !from.failed; i++) zones.push({ zone: from.varint(), epoch: from.varint() });
  return from.failed || from.left > 0 ? undefined : { server, reaches: reaches === 1, zones };
}
