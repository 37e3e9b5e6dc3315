import { type AccountLimits, defaultAccountLimits } from '@lifeverse/backend/account-limits';
import { integer, type OptionValues, optionalText } from '@lifeverse/node-kit';

const S = 1_000;
const MINUTE = 60 * S;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** At once, of what an address may do per second. */
const BURST_S = 20;

/** How players log in, and what bounds that. */
export const accountOptions = {
  oidcProviders: optionalText({
    expected: 'the path of a file',
    sentence:
      'OpenID providers to log in at: JSON, a list of objects with name, issuer, clientId and, where there is a secret, clientSecretFile or clientSecretVariable, which says where it is.',
  }),
  logInFailures: integer({
    min: 1,
    max: 1_000,
    default: 5,
    sentence: 'Log-ins of one account that may fail before the next one has to wait.',
  }),
  logInFailuresPerAddress: integer({
    min: 1,
    max: 1_000_000,
    default: 50,
    sentence: 'Log-ins of one address (IPv6: of one /64) that may fail before the next one has to wait.',
  }),
  logInWaitMs: integer({
    min: 100,
    max: HOUR,
    default: S,
    unit: 'ms',
    sentence: 'The first wait after failed log-ins; each further failure doubles it.',
  }),
  logInLongestWaitMinutes: integer({
    min: 1,
    max: 1_440,
    default: 15,
    unit: 'min',
    sentence: 'The longest wait after failed log-ins.',
  }),
  logInForgetHours: integer({
    min: 1,
    max: 8_760,
    default: 24,
    unit: 'h',
    sentence: 'Failed log-ins are forgotten after so long without one.',
  }),
  logInRate: integer({
    min: 1,
    max: 100_000,
    default: 1,
    unit: 'per second',
    sentence: 'Log-ins and registrations of one address; twenty seconds of it at once.',
  }),
  newPlayerRate: integer({
    min: 1,
    max: 100_000,
    default: 2,
    unit: 'per second',
    sentence: 'New players of one address; twenty seconds of it at once.',
  }),
  accountSessionDays: integer({
    min: 1,
    max: 3_650,
    default: 90,
    unit: 'd',
    sentence: 'A session of a player with an account ends when nobody has used it for so long.',
  }),
  guestSessionDays: integer({
    min: 1,
    max: 3_650,
    default: 400,
    unit: 'd',
    sentence: 'A session of a guest, for whom it is the only way back, ends when nobody has used it for so long.',
  }),
  staffSessionHours: integer({
    min: 1,
    max: 168,
    default: 12,
    unit: 'h',
    sentence: 'A session of whoever has a role ends so long after the log-in, used or not.',
  }),
  sessionsPerPlayer: integer({
    min: 1,
    max: 1_000,
    default: 20,
    sentence: 'Sessions of one player; one more ends the one that was unused for longest.',
  }),
  hashProcesses: integer({
    min: 1,
    max: 64,
    default: 1,
    sentence: 'Processes that hash passwords, each with a core to itself.',
  }),
  hashesWaiting: integer({
    min: 1,
    max: 10_000,
    default: 64,
    sentence: 'Passwords that may wait to be hashed; more log-ins are refused with a time to come back.',
  }),
} as const;

export type AccountOptions = OptionValues<typeof accountOptions>;

export function accountLimits(options: AccountOptions): AccountLimits {
  const { logInRate, newPlayerRate } = options;
  return {
    attempts: {
      ofAccount: options.logInFailures,
      ofPeer: options.logInFailuresPerAddress,
      firstLockMs: options.logInWaitMs,
      longestLockMs: options.logInLongestWaitMinutes * MINUTE,
      forgetMs: options.logInForgetHours * HOUR,
    },
    sessions: {
      ...defaultAccountLimits.sessions,
      accountMs: options.accountSessionDays * DAY,
      guestMs: options.guestSessionDays * DAY,
      staffMs: options.staffSessionHours * HOUR,
      perPlayer: options.sessionsPerPlayer,
    },
    newPlayers: { burst: newPlayerRate * BURST_S, perS: newPlayerRate },
    logIns: { burst: logInRate * BURST_S, perS: logInRate },
    hashing: { processes: options.hashProcesses, waiting: options.hashesWaiting },
  };
}
