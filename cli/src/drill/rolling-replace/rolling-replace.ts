import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../../cluster/fleet.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { Handovers } from '../rounds/handovers.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene } from '../rounds/rounds.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { inputsOf } from '../walkers/crowd.ts';
import type { Sighting } from '../walkers/record.ts';
import { type Evidence, judge, type Replaced, type Round, type Running } from './judge.ts';
import { rollingReplaceReport } from './report.ts';

export interface RollingReplaceOptions extends RoundsOptions {
  readonly zoneServers: number;
  readonly kinds: readonly Kind[];
}

export interface RollingReplaceResult {
  readonly report: ReturnType<typeof rollingReplaceReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

interface RollingScene extends Scene {
  readonly handovers: Handovers;
  /** Whenever one was replaced. */
  readonly sightings: Sighting[][];
}

type Last = Pick<Evidence, 'sightings' | 'handovers'>;

/** So long is looked on behind the last round. */
const AFTER_MS = 2_000;
const LOOK_MS = 500;
const BEGINS = /: (\S+) is to be replaced$/;
const OVER = /: (\S+) has taken the place of (\S+)$/;

/** A cluster of its own, players who walk, and processes that are replaced under them, one after the other. */
export async function rollingReplace(options: RollingReplaceOptions): Promise<RollingReplaceResult> {
  const { players, repeat } = options;
  const { course, ...played } = await playRounds(options, playOf(options));
  const { records, sinceMs, endMs, done: rounds, last, trouble } = played;
  const evidence = { records, sinceMs, endMs, rounds, ...last };
  const wanted = rounds.reduce((sum, { before }) => sum + before.length, 0);
  const report = rollingReplaceReport({ players, repeats: repeat, wanted, trouble }, evidence, judge(evidence));
  const faults = rounds.flatMap(({ replaced }) =>
    replaced.map(({ name, atMs, overMs }) => {
      return { what: `${name} is replaced`, fromMs: atMs, untilMs: overMs === null ? endMs : atMs + overMs };
    }),
  );
  return { report, evidence, course: { ...course, faults, operations: 'inputs', settled: records.flatMap(inputsOf) } };
}

function playOf({ players, zoneServers, kinds }: RollingReplaceOptions): Play<RollingScene, Round, Last> {
  const sideM = sideMFor(players);
  return {
    ...{ gives: 'nothing', sideM },
    open: async ({ folder, seed, lanes, life, signal }) => {
      const cluster = await life.start(
        'cluster',
        () => new DrilledCluster({ folder, seed, sideM, zoneServers, lanes }),
        (it) => it.stop(),
      );
      await cluster.opened(signal);
      return { cluster, handovers: new Handovers(cluster), sightings: [] };
    },
    round: (_, cast) => replaceAll(kinds, cast),
    last: async ({ crowd, sightings, handovers, signal }) => {
      await sleep(AFTER_MS, undefined, { signal });
      return { sightings: [...sightings, crowd.sightings], handovers: handovers.total };
    },
  };
}

async function replaceAll(kinds: readonly Kind[], cast: Cast<RollingScene>): Promise<Round> {
  const { cluster, crowd, handovers, sightings, signal, progress } = cast;
  const before = runningIn(cluster).filter(({ name }) => kinds.some((kind) => name.startsWith(kind)));
  const replaced: Replaced[] = [];
  // Its gateway may be the one that is replaced: then the next time tells.
  const looking = setInterval(() => void handovers.look().catch(() => undefined), LOOK_MS);
  try {
    await cluster.replace(kinds, {
      signal,
      told: (line) => {
        progress(line);
        if (hear(line, replaced)) sightings.push(crowd.sightings);
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    crowd.trouble.push(error instanceof Error ? error.message : String(error));
  } finally {
    clearInterval(looking);
  }
  return { before, after: runningIn(cluster), replaced };
}

/** True when one was replaced by that. */
function hear(line: string, replaced: Replaced[]): boolean {
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

function runningIn(cluster: DrilledCluster): Running[] {
  return [...cluster.running].map(([name, pid]) => ({ name, pid }));
}
