import { isIPv4, isIPv6, SocketAddress } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Whom a peer's address counts for: an IPv4 address, or the /64 of an IPv6 one, which is what a household is given.
 * Whatever is no address counts as one and the same.
 */
export function networkKey(peer: string): string {
  const mapped = MAPPED.exec(peer)?.[1];
  const address = mapped ?? peer.replace(/%.*$/, '');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  return groupsOf(new SocketAddress({ address, family: 'ipv6' }).address)
    .slice(0, 4)
    .join(':');
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...new Array<string>(missing).fill('0'), ...last].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
