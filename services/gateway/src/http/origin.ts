/**
 * Whether a page of that origin may speak with this server: its own pages may, and those the operator named. Programs
 * that are no browsers send no Origin and are welcome. The scheme is not compared: a proxy may end TLS before us.
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  return (page.protocol === 'http:' || page.protocol === 'https:') && page.host === hostOf(host, page.protocol);
}

/** Without the port when it is the scheme's own, as `URL` has it. */
function hostOf(host: string, protocol: string): string {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : '';
}
