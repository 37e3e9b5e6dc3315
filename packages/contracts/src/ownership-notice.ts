import { ByteReader, ByteWriter } from '@lifeverse/protocol';

export interface OwnedNotice {
  readonly zone: number;
  readonly epoch: number;
  /** The generation of the arrangement of which nothing is left to be done there; 0: something is. */
  readonly settled: number;
  /** Of the last second, how much went into its ticks, thousandths. */
  readonly busyPermille: number;
  readonly players: number;
  /** The cell that halves its players, either way; (0, 0) where there are none. */
  readonly middle: { readonly x: number; readonly y: number };
}

/** What a zone server says of itself to all others, several times within a lease. */
export interface OwnershipNotice {
  /** What its operator calls it; no two that run at the same time are called the same. */
  readonly server: string;
  /** Its last question to the database was answered. */
  readonly reaches: boolean;
  /** What it owns, by its epochs. */
  readonly zones: readonly OwnedNotice[];
}

/** A name has at most 255 characters. */
export const ownershipLimits = { serverBytes: 1_020, zones: 4_096 } as const;

export function encodeOwnershipNotice({ server, reaches, zones }: OwnershipNotice): Uint8Array {
  const out = new ByteWriter(32 + server.length + zones.length * 20);
  out.text(server);
  out.u8(reaches ? 1 : 0);
  out.varint(zones.length);
  for (const { zone, epoch, settled, busyPermille, players, middle } of zones) {
    for (const number of [zone, epoch, settled, busyPermille, players]) out.varint(number);
    out.zigzag(middle.x);
    out.zigzag(middle.y);
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
  const zones: OwnedNotice[] = [];
  for (let i = 0; i < count && !from.failed; i++) zones.push(readOwned(from));
  return from.failed || from.left > 0 ? undefined : { server, reaches: reaches === 1, zones };
}

function readOwned(from: ByteReader): OwnedNotice {
  const [zone, epoch, settled] = [from.varint(), from.varint(), from.varint()];
  const [busyPermille, players] = [from.varint(), from.varint()];
  return { zone, epoch, settled, busyPermille, players, middle: { x: from.zigzag(), y: from.zigzag() } };
}
