import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ZonePlan, zonesIn } from '@lifeverse/contracts';
import { coinsOf, type SettledBooks, settledBooks } from '../books/settled-books.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledZones } from '../parts/drilled-zones.ts';
import type { Course } from '../report/course.ts';
import { Handovers } from '../rounds/handovers.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene, type Stage } from '../rounds/rounds.ts';
import { cellSizeM, zonedSideMFor } from '../walkers/counting-world.ts';
import { type Line, over } from '../walkers/steering.ts';
import { borderStormReport, type Evidence, type Stretch } from './report.ts';

export interface BorderStormOptions extends RoundsOptions {
  /** For how long everyone paces, each time. */
  readonly forMs: number;
}

export interface BorderStormResult {
  readonly report: ReturnType<typeof borderStormReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

interface Border extends Scene {
  readonly zones: DrilledZones;
  readonly handovers: Handovers;
  readonly line: Line;
}

interface Last extends SettledBooks {
  readonly line: Line;
}

const ZONE_SERVERS = 2;

/** A cluster of its own with two zones, and everybody paces over the border between them and gives coins on the way. */
export async function borderStorm(options: BorderStormOptions): Promise<BorderStormResult> {
  const { players, repeat } = options;
  const { course, ...played } = await playRounds(options, playOf(options));
  const { records, sightings, sinceMs, endMs, done: stretches, last, trouble } = played;
  const evidence = { records, sightings, sinceMs, endMs, stretches, ...last };
  const report = borderStormReport({ players, repeats: repeat, trouble }, evidence);
  const faults = stretches.map(({ handovers, fromMs, untilMs }) => {
    return { what: `${handovers} handovers`, fromMs, untilMs };
  });
  const settled = coinsOf(last.deals, endMs);
  return { report, evidence, course: { ...course, faults, operations: 'coins given', settled } };
}

function playOf({ players, forMs }: BorderStormOptions): Play<Border, Stretch, Last> {
  const sideM = zonedSideMFor(players);
  return {
    ...{ gives: 'to who is near', sideM },
    open: (stage) => open(stage, sideM),
    steering: async ({ line }) => over(line, sideM),
    round: (_, cast) => stretch(forMs, cast),
    last: async ({ line, crowd, zones, signal }) => ({ line, ...(await settledBooks(crowd, zones.url, signal)) }),
  };
}

async function open({ folder, life, lanes, seed, signal }: Stage, sideM: number): Promise<Border> {
  const cluster = await life.start(
    'cluster',
    () => new DrilledCluster({ folder, seed, sideM, zoneServers: ZONE_SERVERS, lanes }),
    (it) => it.stop(),
  );
  await cluster.opened(signal);
  const zones = await life.start(
    'zones',
    () => DrilledZones.of(join(folder, 'data')),
    (it) => it.stop(),
  );
  const plan = await zones.plan();
  // A busy one would be split, and the border be elsewhere.
  for (const zone of zonesIn(plan.arrangement.zones))
    while (!(await zones.change({ change: 'pin', zone }))) signal.throwIfAborted();
  return { cluster, zones, handovers: new Handovers(cluster), line: borderOf(plan) };
}

function borderOf({ arrangement: { zones } }: ZonePlan): Line {
  if ('zone' in zones) throw new Error('the world is one zone: it has no border');
  return { axis: zones.axis, atM: zones.at * cellSizeM };
}

async function stretch(forMs: number, { handovers, progress, signal }: Cast<Border>): Promise<Stretch> {
  progress('everyone paces over the border');
  await handovers.look();
  const before = handovers.total;
  const fromMs = performance.now();
  await sleep(forMs, undefined, { signal });
  await handovers.look();
  return { fromMs, untilMs: performance.now(), handovers: handovers.total - before };
}
