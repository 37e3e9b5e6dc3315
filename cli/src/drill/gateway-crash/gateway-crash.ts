import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { CountedPlayer } from '../walkers/counted-player.ts';
import { counting, sideMFor } from '../walkers/counting-world.ts';
import type { Evidence, Sighting, Strike } from '../walkers/record.ts';
import { judge } from './judge.ts';
import { type GatewayCrashReport, gatewayCrashReport } from './report.ts';

export interface GatewayCrashOptions {
  readonly players: number;
  readonly repeat: number;
  readonly seed: number;
  /** For how long the supervisor is held with each kill. */
  readonly restartDelayMs: number;
  readonly progress: (line: string) => void;
}

export interface GatewayCrashResult {
  readonly report: GatewayCrashReport;
  readonly objections: readonly string[];
  readonly evidence: Evidence;
}

const GATEWAYS = 2;
const JOINS_PER_S = 50;
const TICK_MS = 50;
/** Players take their turns in so many groups, spread over the tick. */
const GROUPS = 5;
/** A kill comes at a moment between these, after everyone is back. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;

/** A cluster of its own, players at two gateways, and a gateway that dies, again and again. */
export async function gatewayCrash(options: GatewayCrashOptions): Promise<GatewayCrashResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-drill-'));
  let cluster: DrilledCluster | null = null;
  try {
    options.progress('the cluster starts');
    cluster = await DrilledCluster.start(folder, { seed: options.seed, sideM: sideMFor(options.players) });
    return await new GatewayCrash(cluster, options).run();
  } finally {
    await cluster?.stop();
    // Its database ends a moment later.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

class GatewayCrash {
  readonly #cluster: DrilledCluster;
  readonly #options: GatewayCrashOptions;
  readonly #random: Random;
  readonly #players: CountedPlayer[] = [];
  readonly #strikes: Strike[] = [];
  readonly #sightings: Sighting[][] = [];
  readonly #trouble: string[] = [];

  constructor(cluster: DrilledCluster, options: GatewayCrashOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  async run(): Promise<GatewayCrashResult> {
    const turns = this.#takeTurns();
    try {
      await this.#enter();
      for (let number = 0; number < this.#options.repeat && this.#trouble.length === 0; number++) {
        this.#options.progress(
          `${number + 1} of ${this.#options.repeat}: gateway-${(number % GATEWAYS) + 1} is killed`,
        );
        await this.#round(number % GATEWAYS);
      }
    } finally {
      clearInterval(turns);
    }
    const result = this.#judged();
    for (const player of this.#players) player.leave();
    return result;
  }

  #takeTurns(): NodeJS.Timeout {
    let group = 0;
    return setInterval(() => {
      for (let at = group; at < this.#players.length; at += GROUPS) this.#players[at]?.turn();
      group = (group + 1) % GROUPS;
    }, TICK_MS / GROUPS);
  }

  async #enter(): Promise<void> {
    const { players, progress } = this.#options;
    progress(`${players} players join`);
    const { urls } = this.#cluster;
    const sideM = sideMFor(players);
    const { world } = counting(sideM);
    for (let index = 0; index < players; index++) {
      const gateway = index % GATEWAYS;
      const name = `Walker ${index + 1}`;
      const session = await this.#cluster.session(gateway, name);
      const random = this.#random.fork();
      this.#players.push(new CountedPlayer({ world, sideM, urls, gateway, name, session, random }));
      await sleep(1_000 / JOINS_PER_S);
    }
    await this.#until(() => this.#players.every((player) => player.playsSince(0)), 'everyone to be in the world');
  }

  async #round(gateway: number): Promise<void> {
    await sleep(this.#random.between(LOAD_MS.least, LOAD_MS.most));
    const [deaths, starts] = [this.#cluster.deaths(gateway), this.#cluster.starts(gateway)];
    const name = `gateway-${gateway + 1}`;
    const theirs = this.#players.filter((player) => player.gateway === gateway);
    const atMs = performance.now();
    this.#cluster.killGateway(gateway, this.#options.restartDelayMs);
    await this.#until(() => this.#cluster.deaths(gateway) > deaths, `${name} to die`);
    await this.#until(() => this.#cluster.starts(gateway) > starts, `${name} to be there again`);
    const isAgain = this.#cluster.starts(gateway) > starts;
    const againMs = isAgain ? performance.now() - atMs : null;
    this.#strikes.push({ gateway, atMs, died: this.#cluster.deaths(gateway) > deaths, againMs });
    await this.#until(() => theirs.every((player) => player.playsSince(atMs)), 'everyone to be back');
    this.#sightings.push(this.#players.flatMap(({ sightings }) => sightings));
  }

  #judged(): GatewayCrashResult {
    const records = this.#players.map(({ record }) => record);
    const evidence = { records, strikes: this.#strikes, sightings: this.#sightings, endMs: performance.now() };
    const { players, repeat } = this.#options;
    const played = {
      players,
      repeats: repeat,
      faults: this.#strikes.filter(({ died }) => died).length,
      disconnects: records.reduce((sum, { disconnects }) => sum + disconnects, 0),
      restartsMs: this.#strikes.flatMap(({ againMs }) => againMs ?? []),
      trouble: this.#trouble,
    };
    return { ...gatewayCrashReport(played, judge(evidence)), evidence };
  }

  /** What does not come about in time is told as an objection, and the drill is at its end. */
  async #until(isSo: () => boolean, what: string): Promise<void> {
    const fromMs = performance.now();
    while (!isSo()) {
      const ended = this.#cluster.ended ?? this.#players.find((player) => player.ended !== null)?.ended ?? null;
      if (ended === null && performance.now() - fromMs < PATIENCE_MS) {
        await sleep(LOOK_MS);
        continue;
      }
      this.#trouble.push(ended ?? `waited ${PATIENCE_MS / 1_000} s in vain for ${what}`);
      return;
    }
  }
}
