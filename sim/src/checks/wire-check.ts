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
  for (const { zone, core } of cluster.zones) {
    const { uplinks_malformed, neighbour_messages_malformed, neighbour_notes_malformed } = core.counters;
    ensure(uplinks_malformed === 0, 'no protocol error', () => `zone ${zone} could not read an uplink`);
    ensure(neighbour_messages_malformed === 0 && neighbour_notes_malformed === 0, 'no protocol error', () => {
      return `zone ${zone} could not read what another said`;
    });
  }
}
