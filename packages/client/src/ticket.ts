import { type ErrorCode, isErrorCode, LifeverseError } from '@lifeverse/protocol';

/** What the server gives to who wants in: a ticket for the next seconds, and a session to come back with. */
export interface Admission {
  readonly ticket: string;
  readonly session: string;
  readonly name: string;
  readonly others: Others;
  /** By which the ticket is best used, as the server has it; null: by the one that gave it. */
  readonly better: string | null;
}

/** Where else the world can be entered, as the server has it; null when it has said nothing of that. */
type Others = readonly string[] | null;

/** What one is told in the waiting room. */
export interface Waiting {
  /** To be kept for the case that this client ends, a page that is reloaded for instance: the newest, for a minute. */
  readonly place: string;
  /** Who is let in before, and oneself. */
  readonly position: number;
  /** All who wait. */
  readonly waiting: number;
  /**
   * The turn comes between these, in at least nine of ten cases; milliseconds from now. `most` is null while nothing says
   * when there will be room, and all of it while nobody can be let in.
   */
  readonly estimateMs: { readonly least: number; readonly most: number | null } | null;
  /** The world is full; many come at once; the server cannot reach what it keeps of players. */
  readonly why: 'full' | 'busy' | 'unreachable';
}

/** In the waiting room, until one asks again. */
export interface Wait {
  readonly waiting: Waiting;
  readonly retryAfterMs: number;
  readonly others: Others;
}

interface Asker {
  readonly name?: string | undefined;
  readonly session?: string | undefined;
  readonly place?: string | undefined;
  readonly platform?: string | undefined;
}

export interface Asking {
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** On answers of a server of which there are several: the origins of all. */
const GATEWAYS = 'x-lifeverse-gateways';
/** Likewise, on an answer with a ticket: the origin of one. */
const BETTER = 'x-lifeverse-better';

/** Asks for a ticket. Rejects with a LifeverseError: the server's own code, or `zone_unreachable` when nobody answers. */
export async function askForTicket(server: URL, who: Asker, { signal, fetch }: Asking): Promise<Admission | Wait> {
  const headers = { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(new URL('api/tickets', server), {
      method: 'POST',
      headers,
      body: JSON.stringify(who),
      signal,
    });
  } catch {
    throw new LifeverseError('zone_unreachable', 'the server does not answer');
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new LifeverseError(codeOf(body));
  const others = othersOf(response);
  if (response.status === 202) return { ...waitOf(body), others };
  const admission = body as Partial<Admission> | null;
  if (
    typeof admission?.ticket !== 'string' ||
    typeof admission.session !== 'string' ||
    typeof admission.name !== 'string'
  ) {
    throw new LifeverseError('internal', 'the answer is no ticket');
  }
  const better = response.headers.get(BETTER);
  return { ticket: admission.ticket, session: admission.session, name: admission.name, others, better };
}

/** Asks where else the world can be entered. Null when the server does not answer, too. */
export async function askForOthers(server: URL, { signal, fetch }: Asking): Promise<Others> {
  const response = await fetch(new URL('api/world', server), { signal }).catch(() => null);
  if (response === null) return null;
  await response.text().catch(() => '');
  return othersOf(response);
}

function othersOf({ headers }: Response): Others {
  const told = headers.get(GATEWAYS);
  return told === null ? null : told.split(',').map((address) => address.trim());
}

function codeOf(problem: unknown): ErrorCode {
  const code = problem !== null && typeof problem === 'object' && 'code' in problem ? problem.code : undefined;
  return typeof code === 'string' && isErrorCode(code) ? code : 'internal';
}

/** Sooner than this nobody has to ask again; later than this no place is kept. */
const SOONEST_MS = 250;
const LATEST_MS = 45_000;

function waitOf(body: unknown): Omit<Wait, 'others'> {
  const { place, position, waiting, estimateMs, why, retryAfterMs } = (body ?? {}) as Partial<
    Waiting & { retryAfterMs: number }
  >;
  if (typeof place !== 'string' || typeof position !== 'number' || typeof retryAfterMs !== 'number')
    throw new LifeverseError('internal', 'the answer is no place');
  return {
    waiting: { place, position, waiting: waiting ?? position, estimateMs: estimateMs ?? null, why: why ?? 'busy' },
    retryAfterMs: Math.min(LATEST_MS, Math.max(SOONEST_MS, retryAfterMs)),
  };
}
