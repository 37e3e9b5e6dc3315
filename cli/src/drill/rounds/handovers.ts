import type { DrilledCluster } from '../parts/drilled-cluster.ts';

/** Counts those who went from zone to zone, by what zones say that they have counted. */
export class Handovers {
  readonly #cluster: DrilledCluster;
  /** By zone: when it was last looked. */
  readonly #last = new Map<string, number>();
  total = 0;

  constructor(cluster: DrilledCluster) {
    this.#cluster = cluster;
  }

  async look(): Promise<void> {
    for (const [zone, count] of await this.#cluster.counted('handovers_in')) {
      const last = this.#last.get(zone) ?? 0;
      // A new owner counts from none again.
      this.total += count >= last ? count - last : count;
      this.#last.set(zone, count);
    }
  }
}
