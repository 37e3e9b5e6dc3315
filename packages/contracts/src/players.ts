import type { ErrorCode } from '@lifeverse/protocol';

/** Who is behind a session that is open. */
export interface SessionInfo {
  /** Of the session, not the token. */
  readonly session: string;
  readonly player: string;
  readonly name: string;
  /** Of the product's one list of roles; players have none. */
  readonly roles: readonly string[];
  /** Milliseconds since 1970; null when the player may speak. */
  readonly mutedUntilMs: number | null;
}

/** A session as its player sees it. */
export interface SessionSummary {
  readonly id: string;
  /** What the client said of itself: `web`, `phone`... */
  readonly platform: string;
  readonly createdAt: string;
  /** To the minute. */
  readonly usedAt: string;
  readonly expiresAt: string;
  /** The one that asked. */
  readonly current: boolean;
}

/** A way to log in, as its player sees it. */
export interface IdentitySummary {
  readonly id: string;
  readonly kind: 'email' | 'oidc';
  /** The e-mail address, or the name of the provider. */
  readonly label: string;
  readonly createdAt: string;
}

/** The token is told once, here: the server only keeps its hash. */
export interface LoggedIn {
  readonly session: string;
  readonly player: string;
  readonly name: string;
  readonly expiresInMs: number;
}

/** Why not, and when to ask again where that is known. */
export interface Refusal {
  readonly refused: ErrorCode;
  readonly retryAfterMs?: number;
}

/** Of what was asked, one is over: a session, or whatever was known of a player. */
export interface SessionChange {
  readonly player: string;
  /** Absent: all sessions of the player may be other than before (suspended, muted, renamed, another role). */
  readonly session?: string;
}
