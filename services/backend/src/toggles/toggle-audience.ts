import type { ToggleContext } from '@lifeverse/contracts';

/** A player as the database knows them, through one of their sessions. */
export interface KnownPlayer {
  readonly player: string;
  readonly roles: readonly string[];
  /** There is a way to log in: no guest. */
  readonly account: boolean;
  /** Of the session; empty: unknown. */
  readonly platform: string;
}

/** As whom toggles know a player: in the cohorts `guest` or `account`, `staff`, and each role. */
export function toggleAudience({ player, roles, account, platform }: KnownPlayer): ToggleAudience {
  const cohort = [account ? 'account' : 'guest', ...(roles.length > 0 ? ['staff', ...roles] : [])];
  return { targetingKey: player, cohort, ...(platform === '' ? {} : { platform }) };
}

export type ToggleAudience = ToggleContext & { readonly targetingKey: string; readonly cohort: readonly string[] };
