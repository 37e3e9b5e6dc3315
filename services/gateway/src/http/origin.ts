/**
 * Whether a page of that origin may speak with this server: its own pages may, those the operator named, and those of other
 * gateways. Programs that are no browsers send no Origin and are welcome. The scheme is not compared with our own: a proxy
 * may end TLS before us.
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  isAllowed: (origin: string) => boolean,
): boolean {
  if (origin === undefined) return true;
  if (isAllowed(origin)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  return (page.protocol === 'http:' || page.protocol === 'https:') && page.host === hostOf(host, page.protocol);
}

/** Without the port when it is the scheme's own, as `URL` has it. */
function hostOf(host: string, protocol: string): string {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : '';
}
