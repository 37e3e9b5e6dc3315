/**
 * On every answer. The page loads from here alone, speaks with here (`'self'` includes the WebSocket of the same host) and
 * with the other gateways, and is framed by nobody. Styles set from scripts and images made in memory are what a game's
 * canvas needs.
 */
export function securityHeaders(gateways: readonly string[]): Readonly<Record<string, string>> {
  const others = gateways.flatMap((origin) => [origin, origin.replace(/^http/, 'ws')]);
  return {
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "worker-src 'self' blob:",
      ["connect-src 'self' data: blob:", ...others].join(' '),
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}
