import type { Random } from '@lifeverse/base';
import type { Cluster } from '../cluster/cluster.ts';
import { quiet } from '../network/lines.ts';
import type { Player } from '../players/player.ts';
import type { Tally } from '../report/tally.ts';
import type { Due } from '../time/event-queue.ts';
import type { Timeline } from '../time/timeline.ts';
import { type Fault, faultsOf } from './fault.ts';

export interface WeatherParts {
  readonly cluster: Cluster;
  readonly players: readonly Player[];
  readonly timeline: Timeline;
  readonly random: Random;
  readonly tally: Tally;
}

const CALM_MS = { least: 5_500, most: 8_000 };
const ROUGH_MS = { least: 4_000, most: 10_000 };
const BETWEEN_FAULTS_MS = { least: 60, most: 900 };

/**
 * When things go wrong: rough times, in which the bus misbehaves and faults strike, and calm ones, in which everything
 * is mended and has to come right again.
 */
export class Weather implements Due {
  /** Faults so far. */
  struck = 0;
  readonly #parts: WeatherParts;
  readonly #faults: readonly Fault[];
  readonly #total: number;
  #calmSinceMs: number | null;
  #changesMs: number;

  constructor(parts: WeatherParts) {
    this.#parts = parts;
    this.#faults = faultsOf(parts.cluster.zoneNumbers.length);
    this.#total = this.#faults.reduce((sum, { weight }) => sum + weight, 0);
    const nowMs = parts.timeline.nowMs();
    this.#calmSinceMs = nowMs;
    this.#changesMs = nowMs + parts.random.between(CALM_MS.least, CALM_MS.most);
    parts.timeline.at(this.#changesMs, this);
  }

  /** How long nothing has gone wrong; 0 while something may. */
  calmForMs(nowMs: number): number {
    return this.#calmSinceMs === null ? 0 : nowMs - this.#calmSinceMs;
  }

  due(nowMs: number): void {
    const { timeline, random } = this.#parts;
    if (nowMs >= this.#changesMs) {
      const rough = this.#calmSinceMs !== null;
      const { least, most } = rough ? ROUGH_MS : CALM_MS;
      this.#changesMs = nowMs + random.between(least, most);
      if (rough) this.#worsen();
      else this.#mend(nowMs);
    } else {
      this.#strike();
    }
    const nextMs = nowMs + random.between(BETWEEN_FAULTS_MS.least, BETWEEN_FAULTS_MS.most);
    timeline.at(this.#calmSinceMs === null ? Math.min(nextMs, this.#changesMs) : this.#changesMs, this);
  }

  #worsen(): void {
    const { cluster, random, tally } = this.#parts;
    tally.add('rough times');
    this.#calmSinceMs = null;
    // Those who were replaced have gone on speaking until now, unheard if all is well.
    cluster.endFormer();
    for (const { up, down } of cluster.lines.all) {
      for (const conditions of [up, down]) {
        conditions.delayMs = random.pick([0.2, 2, 20]);
        conditions.jitterMs = random.pick([1, 10, 60]);
        conditions.loss = random.pick([0, 0, 0.02, 0.1, 0.3]);
        conditions.duplicate = random.pick([0, 0.05, 0.3]);
        conditions.reorder = random.pick([0, 0.05, 0.2]);
      }
    }
  }

  #strike(): void {
    const { random, tally } = this.#parts;
    const fault = this.#draw(random.float() * this.#total);
    if (!fault.strike(this.#parts)) return;
    this.struck++;
    tally.add(`faults: ${fault.name}`);
  }

  #draw(at: number): Fault {
    let before = 0;
    for (const fault of this.#faults) {
      before += fault.weight;
      if (at < before) return fault;
    }
    return this.#faults[this.#faults.length - 1];
  }

  #mend(nowMs: number): void {
    const { cluster, players } = this.#parts;
    this.#calmSinceMs = nowMs;
    cluster.deskOut = false;
    for (const { character } of players) {
      cluster.characters.refuse(character, false);
      cluster.characters.lift(character);
    }
    for (const { up, down } of cluster.lines.all) {
      Object.assign(up, quiet);
      Object.assign(down, quiet);
    }
    cluster.wakeFormer();
    for (const zone of cluster.zones) {
      zone.resume();
      zone.core.rate = 256;
    }
    for (const gateway of cluster.gateways) {
      if (gateway.dead) cluster.startGateway(gateway.name);
      else gateway.resume();
    }
    for (const { socket } of players) socket?.relieve();
  }
}
