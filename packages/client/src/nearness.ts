/** How long the way to a server and back takes, by its address, ms; at least so long where it was not waited for. */
export type RoundTrips = ReadonlyMap<string, number>;

export interface Measuring {
  readonly fetch: typeof fetch;
  /** Of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly signal: AbortSignal;
}

/** The first of these makes the connection, the next goes there and back once. */
const PROBES = 2;
/** So long the first answer is waited for, and so much longer the others. */
const PATIENCE_MS = 1_500;
const BEHIND_MS = 250;
/** Less is not felt, or is no more than chance. */
const APART_MS = 20;
const APART_SHARE = 0.25;

/** Whether it makes a difference by which of the two one plays. */
export function isNearer(oneMs: number, otherMs: number): boolean {
  return oneMs + Math.max(APART_MS, otherMs * APART_SHARE) < otherMs;
}

/** A connection is made, by TLS, and two requests are answered. */
const TRIPS_MOST = 5;

/** Asks all at once; those that take much longer than the first are not waited for. None where none answers in time. */
export async function roundTrips(servers: readonly URL[], measuring: Measuring): Promise<RoundTrips> {
  const { after, nowMs, signal } = measuring;
  const found = new Map<string, number>();
  const abort = new AbortController();
  const end = (): void => abort.abort();
  signal.addEventListener('abort', end);
  const fromMs = nowMs();
  after(PATIENCE_MS, end);
  const each = servers.map(async (server) => {
    const ms = await roundTrip(server, { ...measuring, signal: abort.signal });
    if (ms === null || abort.signal.aborted) return;
    if (found.size === 0) after(BEHIND_MS, end);
    found.set(server.href, ms);
  });
  await Promise.race([Promise.all(each), new Promise((resolve) => abort.signal.addEventListener('abort', resolve))]);
  end();
  const leastMs = (nowMs() - fromMs) / TRIPS_MOST;
  if (found.size > 0) for (const { href } of servers) if (!found.has(href)) found.set(href, leastMs);
  return found;
}

/** Null: it has not answered. */
async function roundTrip(server: URL, { fetch, nowMs, signal }: Omit<Measuring, 'after'>): Promise<number | null> {
  let ms: number | null = null;
  for (let probe = 0; probe < PROBES; probe++) {
    const fromMs = nowMs();
    const response = await fetch(new URL('api/world', server), { signal }).catch(() => null);
    if (response === null) return ms;
    await response.text().catch(() => '');
    ms = nowMs() - fromMs;
  }
  return ms;
}
