import { DrilledCluster, gatewayName } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene } from '../rounds/rounds.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { inputsOf } from '../walkers/crowd.ts';
import { type Evidence, judge, type Strike } from './judge.ts';
import { gatewayCrashReport } from './report.ts';

export interface GatewayCrashOptions extends RoundsOptions {
  /** For how long the supervisor is held with each kill. */
  readonly restartDelayMs: number;
}

export interface GatewayCrashResult {
  readonly report: ReturnType<typeof gatewayCrashReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

const GATEWAYS = 2;

/** A cluster of its own, players at two gateways, and a gateway that dies, again and again. */
export async function gatewayCrash(options: GatewayCrashOptions): Promise<GatewayCrashResult> {
  const { players, repeat } = options;
  const { records, sightings, endMs, done: strikes, trouble, course } = await playRounds(options, playOf(options));
  const evidence = { records, strikes, sightings, endMs };
  const report = gatewayCrashReport({ players, repeats: repeat, trouble }, evidence, judge(evidence));
  const faults = strikes.map(({ gateway, atMs, againMs }) => {
    return { what: `${gatewayName(gateway)} killed`, fromMs: atMs, untilMs: againMs === null ? endMs : atMs + againMs };
  });
  return { report, evidence, course: { ...course, faults, operations: 'inputs', settled: records.flatMap(inputsOf) } };
}

function playOf({ players, restartDelayMs }: GatewayCrashOptions): Play<Scene, Strike, null> {
  const sideM = sideMFor(players);
  return {
    gives: 'nothing',
    sideM,
    open: async ({ folder, seed, lanes, life, signal }) => {
      const cluster = await life.start(
        'cluster',
        () => new DrilledCluster({ folder, seed, sideM, lanes }),
        (it) => it.stop(),
      );
      await cluster.opened(signal);
      return { cluster };
    },
    round: (number, cast) => strike(number % GATEWAYS, restartDelayMs, cast),
    last: async () => null,
  };
}

async function strike(gateway: number, restartDelayMs: number, cast: Cast<Scene>): Promise<Strike> {
  const { cluster, crowd, progress } = cast;
  const name = gatewayName(gateway);
  progress(`${name} is killed`);
  const [deaths, starts] = [cluster.deaths(name), cluster.starts(name)];
  const theirs = new Set(crowd.players.filter((player) => player.gateway === gateway));
  const atMs = performance.now();
  cluster.kill([name], restartDelayMs);
  await crowd.until(() => cluster.deaths(name) > deaths, `${name} to die`);
  await crowd.until(() => cluster.starts(name) > starts, `${name} to be there again`);
  const againMs = cluster.starts(name) > starts ? performance.now() - atMs : null;
  await crowd.everyone((player) => !theirs.has(player) || player.playsSince(atMs), 'be back');
  return { gateway, atMs, died: cluster.deaths(name) > deaths, againMs };
}
