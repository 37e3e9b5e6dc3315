import type { AttemptLimits } from './attempts.ts';
import type { RateLimit } from './peer-rate.ts';
import type { SessionLimits } from './sessions.ts';

/** What bounds accounts; all of it is configuration. */
export interface AccountLimits {
  readonly attempts: AttemptLimits;
  readonly sessions: SessionLimits;
  /** New players of one peer. */
  readonly newPlayers: RateLimit;
  /** Whatever costs one peer a hash, or a provider a visit. */
  readonly logIns: RateLimit;
  readonly hashing: {
    /** Cores that may hash at once. */
    readonly processes: number;
    /** Hashes that may wait; more are refused with a time. */
    readonly waiting: number;
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const defaultAccountLimits: AccountLimits = {
  attempts: {
    ofAccount: 5,
    ofPeer: 50,
    firstLockMs: 1_000,
    longestLockMs: 15 * MINUTE_MS,
    forgetMs: DAY_MS,
  },
  sessions: {
    accountMs: 90 * DAY_MS,
    guestMs: 400 * DAY_MS,
    staffMs: 12 * HOUR_MS,
    perPlayer: 20,
    cacheMs: 2_000,
  },
  newPlayers: { burst: 40, perS: 2 },
  logIns: { burst: 20, perS: 1 },
  hashing: { processes: 1, waiting: 64 },
};
