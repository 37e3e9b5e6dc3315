import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { Kind } from '../../cluster/fleet.ts';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { Crowd, inputsOf, walksOf } from '../walkers/crowd.ts';
import type { Sighting } from '../walkers/record.ts';
import { type Evidence, judge, type Replaced, type Round, type Running } from './judge.ts';
import { rollingReplaceReport } from './report.ts';

export interface RollingReplaceOptions extends Attending {
  readonly players: number;
  readonly repeat: number;
  readonly seed: number;
  readonly zoneServers: number;
  readonly kinds: readonly Kind[];
}

export interface RollingReplaceResult {
  readonly report: ReturnType<typeof rollingReplaceReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

/** A round begins at a moment between these after everybody is there, or after the one before it; and is looked at for as long. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;
const LOOK_MS = 500;
const BEGINS = /: (\S+) is to be replaced$/;
const OVER = /: (\S+) has taken the place of (\S+)$/;

/** A cluster of its own, players who walk, and processes that are replaced under them, one after the other. */
export function rollingReplace(options: RollingReplaceOptions): Promise<RollingReplaceResult> {
  return inDrillFolder(async (folder, life) => {
    const { seed, progress, signal, players, repeat, zoneServers } = options;
    const lanes = new LaneLog();
    const random = new Random(seed);
    progress('the cluster starts');
    const cluster = await life.start(
      'cluster',
      () => new DrilledCluster({ folder, seed, sideM: sideMFor(players), zoneServers, lanes }),
      (it) => it.stop(),
    );
    await cluster.opened(signal);
    const crowd = await life.start(
      'crowd',
      () => new Crowd(cluster, { players, random, gives: false, progress, signal }),
      (it) => it.leave(),
    );
    const startMs = performance.now();
    const seen = await new RollingReplace({ cluster, crowd, random }, options).run();
    const endMs = performance.now();
    const { records, trouble } = crowd;
    const evidence = { records, endMs, ...seen };
    const wanted = seen.rounds.reduce((sum, { before }) => sum + before.length, 0);
    const played = { players, repeats: repeat, wanted, trouble };
    const report = rollingReplaceReport(played, evidence, judge(evidence));
    const faults = seen.rounds.flatMap(({ replaced }) =>
      replaced.map(({ name, atMs, overMs }) => {
        return { what: `${name} is replaced`, fromMs: atMs, untilMs: overMs === null ? endMs : atMs + overMs };
      }),
    );
    const drawn = { lanes: lanes.lanes(endMs), faults, operations: 'inputs', settled: records.flatMap(inputsOf) };
    return { report, evidence, course: { startMs, endMs, ...walksOf(records), ...drawn } };
  });
}

interface Parts {
  readonly cluster: DrilledCluster;
  readonly crowd: Crowd;
  readonly random: Random;
}

class RollingReplace {
  readonly #parts: Parts;
  readonly #options: RollingReplaceOptions;
  readonly #rounds: Round[] = [];
  readonly #sightings: Sighting[][] = [];
  /** By zone: what it had counted when it was last heard of. */
  readonly #handovers = new Map<string, number>();

  constructor(parts: Parts, options: RollingReplaceOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<Pick<Evidence, 'rounds' | 'sightings' | 'handovers' | 'sinceMs'>> {
    const { crowd } = this.#parts;
    const { repeat, progress } = this.#options;
    await crowd.enter();
    await this.#load();
    const sinceMs = performance.now();
    for (let number = 0; number < repeat && crowd.trouble.length === 0; number++) {
      await this.#load();
      await this.#round((line) => progress(`${number + 1} of ${repeat}: ${line}`));
    }
    await this.#load();
    this.#sightings.push(crowd.sightings);
    const handovers = [...this.#handovers.values()].reduce((sum, count) => sum + count, 0);
    return { rounds: this.#rounds, sightings: this.#sightings, handovers, sinceMs };
  }

  #load(): Promise<void> {
    const ms = this.#parts.random.between(LOAD_MS.least, LOAD_MS.most);
    return sleep(ms, undefined, { signal: this.#options.signal });
  }

  async #round(progress: (line: string) => void): Promise<void> {
    const { cluster, crowd } = this.#parts;
    const { kinds, signal } = this.#options;
    const before = this.#running().filter(({ name }) => kinds.some((kind) => name.startsWith(kind)));
    const replaced: Replaced[] = [];
    const looking = setInterval(() => void this.#count(), LOOK_MS);
    try {
      await cluster.replace(kinds, {
        signal,
        told: (line) => {
          progress(line);
          if (this.#hear(line, replaced)) this.#sightings.push(crowd.sightings);
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      crowd.trouble.push(error instanceof Error ? error.message : String(error));
    } finally {
      clearInterval(looking);
    }
    this.#rounds.push({ before, after: this.#running(), replaced });
  }

  /** True when one was replaced by that. */
  #hear(line: string, replaced: Replaced[]): boolean {
    const nowMs = performance.now();
    const begins = BEGINS.exec(line)?.[1];
    if (begins !== undefined) replaced.push({ name: begins, by: null, atMs: nowMs, overMs: null });
    const [, by, name] = OVER.exec(line) ?? [];
    const at = replaced.findIndex((one) => one.name === name);
    const one = replaced[at];
    if (one === undefined || by === undefined) return false;
    replaced[at] = { ...one, by, overMs: nowMs - one.atMs };
    return true;
  }

  #running(): Running[] {
    return [...this.#parts.cluster.running].map(([name, pid]) => ({ name, pid }));
  }

  /** Its gateway may be the one that is replaced: then the next time tells. */
  async #count(): Promise<void> {
    const counted = await this.#parts.cluster.counted('handovers_in').catch(() => new Map<string, number>());
    for (const [zone, count] of counted) this.#handovers.set(zone, count);
  }
}
