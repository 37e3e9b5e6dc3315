import { ByteReader, ByteWriter } from '@lifeverse/protocol';

/** Of an address that players are told. */
const ADDRESS_BYTES = 255;
/** A name, an IPv4 or an IPv6 address, and a port: it stands in headers, where other signs would mean something else. */
const ORIGIN = /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
/** Every address of a machine: nobody can be sent there. */
const UNSPECIFIED = new Set(['0.0.0.0', '[::]']);

/** Whether players can be told to come by this address: a web origin, as a browser writes it. */
export function isGatewayAddress(address: string): boolean {
  if (address.length > ADDRESS_BYTES || !ORIGIN.test(address) || !URL.canParse(address)) return false;
  const { origin, hostname } = new URL(address);
  return origin === address && !UNSPECIFIED.has(hostname);
}

/** What a gateway says of itself to all others, once a second: where players find it. For the subject `gateways`. */
export function encodeGatewayNotice(address: string): Uint8Array {
  const out = new ByteWriter(8 + address.length);
  out.text(address);
  return out.bytes();
}

/** Undefined when the bytes are no notice, or tell an address that players must not be told. */
export function decodeGatewayNotice(bytes: Uint8Array): string | undefined {
  const from = new ByteReader(bytes);
  const address = from.text(ADDRESS_BYTES);
  return !from.failed && from.left === 0 && isGatewayAddress(address) ? address : undefined;
}
