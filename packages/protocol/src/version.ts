/**
 * The protocol's version: what frames every message, apart from any world's layout. A server speaks the newest and
 * the one before it; one line of history for every bump, pinned together with a fingerprint in version.test.ts.
 *
 * 1  the first
 * 2  `pace` tells the rate of time, so that a client predicts under dilation
 * 3  `operation` asks for what is to last
 * 4  `go`, `move` and `continued` take a player to another gateway while they play
 */
export const PROTOCOL_VERSION = 4;
export const OLDEST_VERSION = 3;

/** The newest version that both sides speak; undefined when there is none. */
export function negotiate(theirNewest: number, theirOldest: number): number | undefined {
  const version = Math.min(PROTOCOL_VERSION, theirNewest);
  return version >= OLDEST_VERSION && version >= theirOldest ? version : undefined;
}
