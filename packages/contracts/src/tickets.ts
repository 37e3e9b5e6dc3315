/** The answer to `POST /api/tickets`: what a client needs to join within `expiresInMs`, and `session` to come back with. */
export interface TicketGrant {
  /** Where the character was last; 0: it never stood anywhere, and nobody knows where it will. For the gateway that passes the answer on, and for nobody else. */
  readonly zone: number;
  readonly ticket: string;
  readonly session: string;
  readonly name: string;
  readonly expiresInMs: number;
}
