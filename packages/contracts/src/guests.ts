import type { ErrorCode } from '@lifeverse/protocol';

/** The answer to `POST /api/tickets`: what a client needs to join within `expiresInMs`, and `session` to come back with. */
export interface TicketGrant {
  readonly ticket: string;
  readonly session: string;
  readonly name: string;
  readonly expiresInMs: number;
}

/** What a gateway asks of the backend for players who have no account. */
export interface GuestDesk {
  /** A name that nobody was offered lately. */
  offerName(): Promise<string>;
  /** `request`: the body of `POST /api/tickets` as it came, `{ name?, session? }`; unchecked. */
  grant(request: unknown): Promise<TicketGrant | ErrorCode>;
}
