/** How long a gateway waits for what, milliseconds. */
export const deadlines = {
  /** From the open socket to its hello. */
  helloMs: 5_000,
  /** From the hello to standing in the world. */
  attachMs: 10_000,
  attachAgainMs: 500,
  /** A client that says nothing. */
  idleMs: 20_000,
  /** A socket that takes nothing. */
  behindMs: 10_000,
  /** An input that the zone does not call stable: said again. */
  unstableMs: 250,
  /** A client's time stamp waits so long for something to ride with. */
  echoMs: 250,
  /** What backends say of players counts for tickets from before, which live no longer than this. */
  verdictMs: 40_000,
  /** Some tick is sent at least so often (see limits.ticksBetweenFrames). */
  tickSentMs: 5_000,
} as const;
