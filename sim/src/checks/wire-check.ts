import type { Cluster } from '../cluster/cluster.ts';
import type { Player } from '../players/player.ts';
import { ensure, Violation } from './violation.ts';

/** Nobody counts an error: whatever the network does, what we send one another is right. */
export function wireCheck(cluster: Cluster, players: readonly Player[]): void {
  for (const player of players) {
    const { errors, rekeys } = player.core.counters;
    if (errors > 0) throw new Violation('no protocol error', `${player.character} could not read a message`);
    if (rekeys > 0) throw new Violation('no keyframe for a checksum', `${player.character} disagreed with a stream`);
  }
  for (const { name, core } of cluster.gateways) {
    const { bundles_malformed } = core.counters;
    ensure(bundles_malformed === 0, 'no protocol error', () => `${name} could not read a bundle`);
  }
  const { uplinks_malformed } = cluster.zone.core.counters;
  ensure(uplinks_malformed === 0, 'no protocol error', () => 'the zone could not read an uplink');
}
