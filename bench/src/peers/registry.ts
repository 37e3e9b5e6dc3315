import { colyseus } from './colyseus/peer.ts';
import { floor } from './floor/peer.ts';
import { lifeverse } from './lifeverse/peer.ts';
import type { Peer, PeerName } from './peer.ts';

/** Everyone who can be measured. */
const peers: readonly Peer[] = [lifeverse, colyseus, floor];

export function peerNamed(name: PeerName): Peer | undefined {
  return peers.find((peer) => peer.name === name);
}
