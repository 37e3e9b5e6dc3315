import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** Of an address that players are told. */
const ADDRESS_BYTES = 255;
/** Of a gateway. */
const NAME_BYTES = 64;
const REGION_BYTES = 64;
const REGION = /^[\w.-]{1,64}$/;
/** A name, an IPv4 or an IPv6 address, and a port: it stands in headers, where other signs would mean something else. */
const ORIGIN = /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
/** Every address of a machine: nobody can be sent there. */
const UNSPECIFIED = new Set(['0.0.0.0', '[::]']);

/** What a gateway says of itself to all others, once a second. For the subject `gateways`. */
export interface GatewayNotice {
  /** Where players find it. */
  readonly address: string;
  /** Of the gateway: its successor may have the same address. */
  readonly name: string;
  /** It hands its players over and takes no others: nobody is to be sent to it. */
  readonly leaves: boolean;
  /** Where it stands, as its operator calls that; empty: nobody has said. */
  readonly region: string;
  /** In the world by it. */
  readonly players: number;
}

/** Whether a place can be called so. */
export const isRegion = (name: string): boolean => REGION.test(name);

/** Whether players can be told to come by this address: a web origin, as a browser writes it. */
export function isGatewayAddress(address: string): boolean {
  if (address.length > ADDRESS_BYTES || !ORIGIN.test(address) || !URL.canParse(address)) return false;
  const { origin, hostname } = new URL(address);
  return origin === address && !UNSPECIFIED.has(hostname);
}

export function encodeGatewayNotice({ address, name, leaves, region, players }: GatewayNotice): Uint8Array {
  const out = new ByteWriter(32 + address.length + name.length + region.length);
  out.text(address);
  out.text(name);
  out.u8(leaves ? 1 : 0);
  out.text(region);
  out.varint(players);
  return out.bytes();
}

/** Undefined when the bytes are no notice, or tell an address that players must not be told. */
export function decodeGatewayNotice(bytes: Uint8Array): GatewayNotice | undefined {
  const from = new ByteReader(bytes);
  const address = from.text(ADDRESS_BYTES);
  const name = from.text(NAME_BYTES);
  const leaves = from.u8();
  const region = from.text(REGION_BYTES);
  const players = from.varint();
  // What a later version says besides is left aside.
  const isOne = !from.failed && leaves <= 1 && isGatewayAddress(address);
  return isOne ? { address, name, leaves: leaves === 1, region, players } : undefined;
}
