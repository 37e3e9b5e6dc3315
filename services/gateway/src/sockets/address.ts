/** What limits count by: an IPv4 address, or the /64 of an IPv6 address, of which one customer has all. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  if (!address.includes(':')) return address;
  if (address === '::1') return address;
  const [head = '', tail] = (address.split('%', 1)[0] as string).toLowerCase().split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const before = groups(head);
  const after = groups(tail);
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after].slice(0, 4).join(':');
}

/** An address of this machine that nobody else can send from. */
export function isLoopback(address: string): boolean {
  const key = addressKey(address);
  return key === '::1' || /^127\./.test(key);
}

/** The two addresses from which a proxy or a load generator on this machine speaks for many. */
export function isLocalPeer(key: string): boolean {
  return key === '127.0.0.1' || key === '::1';
}

/** As in a URL. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
