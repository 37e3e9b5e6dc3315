import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledZones } from '../parts/drilled-zones.ts';
import type { Course } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { Crowd, inputsOf, walksOf } from '../walkers/crowd.ts';
import { judgeWalks } from '../walkers/judge.ts';
import type { Sighting, WalkEvidence } from '../walkers/record.ts';
import { type Kind, kinds, nextChange } from './next-change.ts';
import { splitStormReport } from './report.ts';

export interface SplitStormOptions extends Attending {
  readonly players: number;
  readonly repeat: number;
  readonly seed: number;
  readonly zoneServers: number;
}

/** One change of zones. */
export interface Change {
  readonly kind: Kind;
  readonly atMs: number;
  /** How long after that its zones had nothing left to do and it was over; null: never. */
  readonly overMs: number | null;
}

export interface Evidence extends WalkEvidence {
  readonly changes: readonly Change[];
  /** From zone to zone, while it was looked on. */
  readonly handovers: number;
}

export interface SplitStormResult {
  readonly report: ReturnType<typeof splitStormReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

/** A change comes at a moment between these after the one before it. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;
const LOOK_MS = 250;
/** A change is over a while after everybody was handed over. */
const PATIENCE_MS = 30_000;

/** A cluster of its own with several zones, players who walk, and zones that change under them, again and again. */
export function splitStorm(options: SplitStormOptions): Promise<SplitStormResult> {
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
    const zones = await life.start(
      'zones',
      () => new DrilledZones(join(folder, 'data')),
      (it) => it.stop(),
    );
    const crowd = await life.start(
      'crowd',
      () => new Crowd(cluster, { players, random, gives: false, progress, signal }),
      (it) => it.leave(),
    );
    const startMs = performance.now();
    const seen = await new SplitStorm({ cluster, zones, crowd, random }, options).run();
    const endMs = performance.now();
    const { records, trouble } = crowd;
    const evidence = { records, endMs, ...seen };
    const report = splitStormReport({ players, repeats: repeat, trouble }, evidence, judgeWalks(evidence));
    const faults = seen.changes.map(({ kind, atMs, overMs }) => {
      return { what: kind, fromMs: atMs, untilMs: overMs === null ? endMs : atMs + overMs };
    });
    const drawn = { lanes: lanes.lanes(endMs), faults, operations: 'inputs', settled: records.flatMap(inputsOf) };
    return { report, evidence, course: { startMs, endMs, ...walksOf(records), ...drawn } };
  });
}

interface Parts {
  readonly cluster: DrilledCluster;
  readonly zones: DrilledZones;
  readonly crowd: Crowd;
  readonly random: Random;
}

class SplitStorm {
  readonly #parts: Parts;
  readonly #options: SplitStormOptions;
  readonly #changes: Change[] = [];
  readonly #sightings: Sighting[][] = [];
  /** By zone: what it had counted when it was last heard of. */
  readonly #handovers = new Map<string, number>();

  constructor(parts: Parts, options: SplitStormOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<Pick<Evidence, 'changes' | 'sightings' | 'handovers'>> {
    const { crowd } = this.#parts;
    const { repeat, progress, signal } = this.#options;
    await crowd.enter();
    for (let number = 0; number < repeat && crowd.trouble.length === 0; number++) {
      await sleep(this.#parts.random.between(LOAD_MS.least, LOAD_MS.most), undefined, { signal });
      const kind = kinds[number % kinds.length] as Kind;
      progress(`${number + 1} of ${repeat}: ${kind}`);
      await this.#round(kind);
    }
    const handovers = [...this.#handovers.values()].reduce((sum, count) => sum + count, 0);
    return { changes: this.#changes, sightings: this.#sightings, handovers };
  }

  async #round(kind: Kind): Promise<void> {
    const { zones, crowd, random } = this.#parts;
    const change = nextChange(kind, await zones.plan(), await zones.servers(), random);
    const atMs = performance.now();
    if (!(await zones.change(change))) {
      crowd.trouble.push('the zones changed by themselves');
      return;
    }
    const overMs = await this.#over(atMs);
    this.#changes.push({ kind, atMs, overMs });
    if (overMs === null) crowd.trouble.push(`waited ${PATIENCE_MS / 1_000} s in vain for a ${kind} to be over`);
    this.#sightings.push(crowd.sightings);
  }

  /** When it was, from then; null: it was waited for in vain. */
  async #over(atMs: number): Promise<number | null> {
    const { zones, cluster } = this.#parts;
    for (;;) {
      for (const [zone, count] of await cluster.counted('handovers_in')) this.#handovers.set(zone, count);
      const { former } = (await zones.plan()).arrangement;
      const forMs = performance.now() - atMs;
      if (former === null) return forMs;
      if (forMs > PATIENCE_MS) return null;
      await sleep(LOOK_MS, undefined, { signal: this.#options.signal });
    }
  }
}
