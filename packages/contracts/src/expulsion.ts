import { type ErrorCode, isErrorCode } from '@lifeverse/protocol';
import { isSeat, type Seat } from './seat.ts';
import { jsonObject } from './toggle-set.ts';

/** Who may not go on, and what they are told. For the subject `expulsion`; said again for a while, since it may be lost. */
export interface Expulsion {
  readonly code: ErrorCode;
  /** Whoever came in while logged in by one of these sessions: their ids, not their tokens. */
  readonly logins: readonly string[];
  readonly seats: readonly Seat[];
}

const MAX_BYTES = 65_536;
/** Of one message, so that it stays within its bytes; who has more to say says it in several. */
export const MAX_EXPELLED = 500;

export function encodeExpulsion(expulsion: Expulsion): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(expulsion));
}

/** Undefined when it is none. */
export function decodeExpulsion(bytes: Uint8Array): Expulsion | undefined {
  const { code, logins, seats } = (bytes.length <= MAX_BYTES ? jsonObject(bytes) : undefined) ?? {};
  if (typeof code !== 'string' || !isErrorCode(code) || !Array.isArray(logins) || !Array.isArray(seats))
    return undefined;
  return logins.every((each) => typeof each === 'string') && seats.every(isSeat) ? { code, logins, seats } : undefined;
}
