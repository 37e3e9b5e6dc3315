import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import { DrilledCluster, gatewayName } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { Crowd, inputsOf, walksOf } from '../walkers/crowd.ts';
import type { Sighting } from '../walkers/record.ts';
import { type Evidence, judge, type Strike } from './judge.ts';
import { gatewayCrashReport } from './report.ts';

export interface GatewayCrashOptions extends Attending {
  readonly players: number;
  readonly repeat: number;
  readonly seed: number;
  /** For how long the supervisor is held with each kill. */
  readonly restartDelayMs: number;
}

export interface GatewayCrashResult {
  readonly report: ReturnType<typeof gatewayCrashReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

const GATEWAYS = 2;
/** A kill comes at a moment between these, after everyone is back. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;

/** A cluster of its own, players at two gateways, and a gateway that dies, again and again. */
export function gatewayCrash(options: GatewayCrashOptions): Promise<GatewayCrashResult> {
  return inDrillFolder(async (folder, life) => {
    const { seed, progress, signal, players, repeat } = options;
    const lanes = new LaneLog();
    const random = new Random(seed);
    progress('the cluster starts');
    const cluster = await life.start(
      'cluster',
      () => new DrilledCluster({ folder, seed, sideM: sideMFor(players), lanes }),
      (it) => it.stop(),
    );
    await cluster.opened(signal);
    const crowd = await life.start(
      'crowd',
      () => new Crowd(cluster, { players, random, gives: false, progress, signal }),
      (it) => it.leave(),
    );
    const startMs = performance.now();
    const { strikes, sightings } = await new GatewayCrash(cluster, crowd, random, options).run();
    const endMs = performance.now();
    const { records, trouble } = crowd;
    const evidence = { records, strikes, sightings, endMs };
    const report = gatewayCrashReport({ players, repeats: repeat, trouble }, evidence, judge(evidence));
    return { report, evidence, course: courseOf(evidence, { startMs, lanes }) };
  });
}

class GatewayCrash {
  readonly #cluster: DrilledCluster;
  readonly #crowd: Crowd;
  readonly #random: Random;
  readonly #options: GatewayCrashOptions;
  readonly #strikes: Strike[] = [];
  readonly #sightings: Sighting[][] = [];

  constructor(cluster: DrilledCluster, crowd: Crowd, random: Random, options: GatewayCrashOptions) {
    this.#cluster = cluster;
    this.#crowd = crowd;
    this.#random = random;
    this.#options = options;
  }

  async run(): Promise<Pick<Evidence, 'strikes' | 'sightings'>> {
    const { repeat, progress } = this.#options;
    await this.#crowd.enter();
    for (let number = 0; number < repeat && this.#crowd.trouble.length === 0; number++) {
      const gateway = number % GATEWAYS;
      progress(`${number + 1} of ${repeat}: ${gatewayName(gateway)} is killed`);
      await this.#round(gateway);
    }
    return { strikes: this.#strikes, sightings: this.#sightings };
  }

  async #round(gateway: number): Promise<void> {
    const crowd = this.#crowd;
    await sleep(this.#random.between(LOAD_MS.least, LOAD_MS.most), undefined, { signal: this.#options.signal });
    const [deaths, starts] = [this.#cluster.deaths(gateway), this.#cluster.starts(gateway)];
    const theirs = crowd.players.filter((player) => player.gateway === gateway);
    const atMs = performance.now();
    this.#cluster.killGateway(gateway, this.#options.restartDelayMs);
    await crowd.until(() => this.#cluster.deaths(gateway) > deaths, `${gatewayName(gateway)} to die`);
    await crowd.until(() => this.#cluster.starts(gateway) > starts, `${gatewayName(gateway)} to be there again`);
    const againMs = this.#cluster.starts(gateway) > starts ? performance.now() - atMs : null;
    this.#strikes.push({ gateway, atMs, died: this.#cluster.deaths(gateway) > deaths, againMs });
    await crowd.until(() => theirs.every((player) => player.playsSince(atMs)), 'everyone to be back');
    this.#sightings.push(crowd.sightings);
  }
}

function courseOf(
  { records, strikes, endMs }: Evidence,
  { startMs, lanes }: { startMs: number; lanes: LaneLog },
): Course {
  const processes = lanes.lanes(endMs);
  const faults = strikes.map(({ gateway, atMs }) => {
    const name = gatewayName(gateway);
    const spans = processes.find((lane) => lane.name === name)?.spans ?? [];
    const untilMs = spans.find(({ state, fromMs }) => state === 'alive' && fromMs > atMs)?.fromMs ?? endMs;
    return { what: `${name} killed`, fromMs: atMs, untilMs };
  });
  const settled = records.flatMap(inputsOf);
  return { startMs, endMs, lanes: processes, faults, ...walksOf(records), operations: 'inputs', settled };
}
