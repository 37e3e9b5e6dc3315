import { setTimeout as sleep } from 'node:timers/promises';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene } from '../rounds/rounds.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { inputsOf } from '../walkers/crowd.ts';
import { type Evidence, overloadReport, type Toiled } from './report.ts';

export interface OverloadOptions extends RoundsOptions {
  /** For how long there is too much to do, each time. */
  readonly forMs: number;
  /** So long the rules take in every tick then. */
  readonly toilMs: number;
}

export interface OverloadResult {
  readonly report: ReturnType<typeof overloadReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

const NORMAL_RATE = 256;
const CALM_MS = 1_000;

/** A cluster of its own, players who walk, and rules that take longer than a tick for a while. */
export async function overload(options: OverloadOptions): Promise<OverloadResult> {
  const { players, repeat } = options;
  const { course, ...played } = await playRounds(options, playOf(options));
  const { records, sightings, sinceMs, endMs, done: toils, trouble } = played;
  const evidence = { records, sightings, sinceMs, endMs, toils };
  const report = overloadReport({ players, repeats: repeat, trouble }, evidence);
  const faults = toils.map(({ fromMs, untilMs }) => ({ what: 'too much to do', fromMs, untilMs }));
  return { report, evidence, course: { ...course, faults, operations: 'inputs', settled: records.flatMap(inputsOf) } };
}

function playOf(options: OverloadOptions): Play<Scene, Toiled, null> {
  const sideM = sideMFor(options.players);
  return {
    ...{ gives: 'nothing', sideM },
    open: async ({ folder, seed, lanes, life, signal }) => {
      const cluster = await life.start(
        'cluster',
        () => new DrilledCluster({ folder, seed, sideM, zoneServers: 1, lanes }),
        (it) => it.stop(),
      );
      await cluster.opened(signal);
      return { cluster };
    },
    round: (_, cast) => toil(options, cast),
    last: async () => null,
  };
}

/** The first player asks for it, and all others bear it. */
async function toil({ forMs, toilMs }: OverloadOptions, cast: Cast<Scene>): Promise<Toiled> {
  const { crowd, signal, progress } = cast;
  const { players } = crowd;
  progress(`the rules take ${toilMs} ms in every tick`);
  await crowd.until(() => players[0]?.toil(toilMs) === true, 'somebody to toil');
  const fromMs = performance.now();
  await sleep(forMs, undefined, { signal });
  await crowd.everyone(({ rate }) => rate < NORMAL_RATE, 'be told that time goes slower');
  await crowd.until(() => players[0]?.toil(0) === true, 'the toil to end');
  const untilMs = performance.now();
  await crowd.everyone(({ rate }) => rate === NORMAL_RATE, 'be told that time goes as ever');
  await crowd.everyone((player) => player.ackedSince(untilMs), 'walk on');
  await sleep(CALM_MS, undefined, { signal });
  return { fromMs, untilMs };
}
