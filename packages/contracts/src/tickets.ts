/** The answer to `POST /api/tickets`: what a client needs to join within `expiresInMs`, and `session` to come back with. */
export interface TicketGrant {
  readonly ticket: string;
  readonly session: string;
  readonly name: string;
  readonly expiresInMs: number;
}
