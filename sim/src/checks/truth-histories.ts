import type { Cluster } from '../cluster/cluster.ts';
import type { ZoneProcess } from '../cluster/zone-process.ts';
import { TruthHistory } from './truth-history.ts';

/** What truly was in the last seconds, zone by zone. */
export class TruthHistories {
  readonly #cluster: Cluster;
  readonly #zones: ReadonlyMap<number, TruthHistory>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#zones = new Map(cluster.zoneNumbers.map((zone) => [zone, new TruthHistory()]));
  }

  of({ zone }: ZoneProcess): TruthHistory {
    return this.#zones.get(zone) as TruthHistory;
  }

  /** The last tick that every owner has ended. */
  get ended(): number {
    let ended = Number.POSITIVE_INFINITY;
    for (const zone of this.#cluster.zones) ended = Math.min(ended, this.of(zone).latest);
    return ended;
  }

  /** The last tick from which some zone did not have the entity any more; undefined when none has had it. */
  goneAt(id: number): number | undefined {
    let last: number | undefined;
    for (const history of this.#zones.values()) {
      const gone = history.goneAt(id);
      if (gone !== undefined && gone > (last ?? -1)) last = gone;
    }
    return last;
  }
}
