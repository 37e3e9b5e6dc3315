import { catalogue, type ErrorCode } from '@lifeverse/protocol';

/** Statuses that say more than whose fault it is. */
const statuses: Partial<Record<ErrorCode, number>> = {
  message_too_large: 413,
  rate_exceeded: 429,
  too_slow: 408,
  origin_refused: 403,
  session_unknown: 401,
  name_invalid: 422,
  login_wrong: 401,
  login_locked: 429,
  login_stale: 403,
  email_invalid: 422,
  password_unfit: 422,
  identity_unknown: 404,
  player_suspended: 403,
  player_unknown: 404,
  provider_unknown: 404,
  provider_refused: 403,
  character_unknown: 404,
  holder_unknown: 404,
  role_required: 403,
  change_invalid: 422,
  setting_unknown: 404,
  internal: 500,
};

/** Of what may be asked again after a while. */
const UNAVAILABLE = 503;

function statusOf(code: ErrorCode): number {
  const { fault, retry } = catalogue[code];
  const known = statuses[code];
  if (known !== undefined) return known;
  if (fault === 'server' || (fault === 'operator' && retry !== 'never')) return UNAVAILABLE;
  return fault === 'client' ? 400 : 409;
}

/** Problem details (RFC 9457). `code` is of the catalogue; `type` names its page there. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code?: ErrorCode;
  /** What of it is so just now. */
  readonly detail?: string;
  /** Of a role that is not ready. */
  readonly waitsFor?: readonly string[];
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problem(code: ErrorCode, detail?: string): Problem {
  const type = `urn:lifeverse:error:${code}`;
  const title = catalogue[code].message;
  return { type, title, status: statusOf(code), code, ...(detail === undefined ? {} : { detail }) };
}

export const notFound: Problem = { type: 'about:blank', title: 'There is nothing here.', status: 404 };

/** When to ask again, for the Retry-After of an answer with that status; null where waiting does not help. */
export function retryAfterS(status: number, retryAfterMs: number | undefined): number | null {
  if (retryAfterMs !== undefined) return Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return status === 429 || status === UNAVAILABLE ? USUAL_RETRY_S : null;
}

const USUAL_RETRY_S = 2;
