import { type ErrorCode, isErrorCode, LifeverseError } from '@lifeverse/protocol';

/** What the server gives to who wants in: a ticket for the next seconds, and a session to come back with. */
export interface Admission {
  readonly ticket: string;
  readonly session: string;
  readonly name: string;
}

/** Asks for a ticket. Rejects with a LifeverseError: the server's own code, or `zone_unreachable` when nobody answers. */
export async function askForTicket(
  server: URL,
  who: { name?: string | undefined; session?: string | undefined },
  signal: AbortSignal,
): Promise<Admission> {
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
  const admission = body as Partial<Admission> | null;
  if (
    typeof admission?.ticket !== 'string' ||
    typeof admission.session !== 'string' ||
    typeof admission.name !== 'string'
  ) {
    throw new LifeverseError('internal', 'the answer is no ticket');
  }
  return { ticket: admission.ticket, session: admission.session, name: admission.name };
}

function codeOf(problem: unknown): ErrorCode {
  const code = problem !== null && typeof problem === 'object' && 'code' in problem ? problem.code : undefined;
  return typeof code === 'string' && isErrorCode(code) ? code : 'internal';
}
