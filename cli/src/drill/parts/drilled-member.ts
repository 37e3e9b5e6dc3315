import { setTimeout as sleep } from 'node:timers/promises';
import type { DrilledCluster } from './drilled-cluster.ts';
import type { DrilledPart } from './drilled-part.ts';

const LOOK_MS = 20;

/** A process of the cluster itself, which is gone for as long as its supervisor is held. */
export class DrilledMember implements DrilledPart {
  readonly name: string;
  readonly #cluster: DrilledCluster;
  /** How often it had been open when it was taken away; null: it was not. */
  #starts: number | null = null;

  constructor(cluster: DrilledCluster, name: string) {
    this.#cluster = cluster;
    this.name = name;
  }

  async take(): Promise<void> {
    this.#starts = this.#cluster.starts(this.name);
    this.#cluster.hold();
    this.#cluster.kill([this.name], 0);
  }

  async giveBack(): Promise<void> {
    const starts = this.#starts;
    if (starts === null) return;
    this.#starts = null;
    this.#cluster.release();
    while (this.#cluster.starts(this.name) === starts && this.#cluster.ended === null) await sleep(LOOK_MS);
  }
}
