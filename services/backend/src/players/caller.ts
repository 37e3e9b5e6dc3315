/** Who asks, as the server knows it. */
export interface Caller {
  /** The address of the connection's other end, never one that a request names. */
  readonly peer: string;
  /** The session's token that came along, whether or not it is good. */
  readonly token: string | null;
  /** What the client says it runs on. */
  readonly platform: string;
  /** Brought an operator's token: peers' limits do not apply. Accounts' limits do. */
  readonly unlimited: boolean;
}
