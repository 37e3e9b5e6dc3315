import { catalogue, type ErrorCode } from '@lifeverse/protocol';

/** The HTTP status that goes with a code; what is not here never answers a request. */
const statuses: Partial<Record<ErrorCode, number>> = {
  malformed_message: 400,
  message_too_large: 413,
  name_invalid: 422,
  session_unknown: 401,
  origin_refused: 403,
  rate_exceeded: 429,
  world_full: 503,
  zone_unreachable: 503,
  server_stopping: 503,
  internal: 500,
};

/** Problem details (RFC 9457). `code` is of the catalogue; `type` names its page there. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code?: ErrorCode;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problem(code: ErrorCode): Problem {
  return { type: `urn:lifeverse:error:${code}`, title: catalogue[code].message, status: statuses[code] ?? 500, code };
}

export const notFound: Problem = { type: 'about:blank', title: 'There is nothing here.', status: 404 };
