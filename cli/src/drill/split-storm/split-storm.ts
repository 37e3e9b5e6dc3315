import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledZones } from '../parts/drilled-zones.ts';
import type { Course } from '../report/course.ts';
import { Handovers } from '../rounds/handovers.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene } from '../rounds/rounds.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { inputsOf } from '../walkers/crowd.ts';
import { judgeWalks } from '../walkers/judge.ts';
import type { WalkEvidence } from '../walkers/record.ts';
import { type Kind, kinds, nextChange } from './next-change.ts';
import { splitStormReport } from './report.ts';

export interface SplitStormOptions extends RoundsOptions {
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

interface Storm extends Scene {
  readonly zones: DrilledZones;
  readonly handovers: Handovers;
}

const LOOK_MS = 250;
/** A change is over a while after everybody was handed over. */
const PATIENCE_MS = 30_000;

/** A cluster of its own with several zones, players who walk, and zones that change under them, again and again. */
export async function splitStorm(options: SplitStormOptions): Promise<SplitStormResult> {
  const { players, repeat } = options;
  const { course, ...played } = await playRounds(options, playOf(options));
  const { records, sightings, endMs, done: changes, last: handovers, trouble } = played;
  const evidence = { records, sightings, endMs, changes, handovers };
  const report = splitStormReport({ players, repeats: repeat, trouble }, evidence, judgeWalks(evidence));
  const faults = changes.map(({ kind, atMs, overMs }) => {
    return { what: kind, fromMs: atMs, untilMs: overMs === null ? endMs : atMs + overMs };
  });
  return { report, evidence, course: { ...course, faults, operations: 'inputs', settled: records.flatMap(inputsOf) } };
}

function playOf({ players, zoneServers }: SplitStormOptions): Play<Storm, Change, number> {
  const sideM = sideMFor(players);
  return {
    gives: 'nothing',
    sideM,
    open: async ({ folder, seed, lanes, life, signal }) => {
      const cluster = await life.start(
        'cluster',
        () => new DrilledCluster({ folder, seed, sideM, zoneServers, lanes }),
        (it) => it.stop(),
      );
      await cluster.opened(signal);
      const zones = await life.start(
        'zones',
        () => DrilledZones.of(join(folder, 'data')),
        (it) => it.stop(),
      );
      return { cluster, zones, handovers: new Handovers(cluster) };
    },
    round: (number, cast) => change(kinds[number % kinds.length] as Kind, cast),
    last: async ({ handovers }) => handovers.total,
  };
}

async function change(kind: Kind, cast: Cast<Storm>): Promise<Change | null> {
  const { zones, crowd, random, progress } = cast;
  progress(kind);
  const next = nextChange(kind, await zones.plan(), await zones.servers(), random);
  const atMs = performance.now();
  if (!(await zones.change(next))) {
    crowd.trouble.push('the zones changed by themselves');
    return null;
  }
  const overMs = await over(atMs, cast);
  if (overMs === null) crowd.trouble.push(`waited ${PATIENCE_MS / 1_000} s in vain for a ${kind} to be over`);
  return { kind, atMs, overMs };
}

/** When it was, from then; null: it was waited for in vain. */
async function over(atMs: number, { zones, handovers, signal }: Cast<Storm>): Promise<number | null> {
  for (;;) {
    await handovers.look();
    const { former } = (await zones.plan()).arrangement;
    const forMs = performance.now() - atMs;
    if (former === null) return forMs;
    if (forMs > PATIENCE_MS) return null;
    await sleep(LOOK_MS, undefined, { signal });
  }
}
