import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { Lifecycle } from '@lifeverse/node-kit';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import type { DrilledCluster } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import { Crowd, type Giving, walksOf } from '../walkers/crowd.ts';
import type { Sighting, WalkEvidence } from '../walkers/record.ts';
import { about, type Steering } from '../walkers/steering.ts';

export interface RoundsOptions extends Attending {
  readonly players: number;
  readonly repeat: number;
  readonly seed: number;
}

/** Where a drill is set up, before players come. */
export interface Stage extends RoundsOptions {
  readonly folder: string;
  /** What is started for its time is stopped in reverse, whatever ends the drill. */
  readonly life: Lifecycle;
  readonly lanes: LaneLog;
  readonly random: Random;
}

/** A cluster that is open, and what else a drill has. */
export interface Scene {
  readonly cluster: DrilledCluster;
}

export type Cast<S extends Scene> = Stage & S & { readonly crowd: Crowd };

/** Something that is done again and again to a cluster under players who walk. */
export interface Play<S extends Scene, Done, Last> {
  readonly gives: Giving;
  /** Metres of a side of the plain. */
  readonly sideM: number;
  /** For how long what players heard is kept as bytes; not at all when left out. */
  readonly heardMs?: number;
  open(stage: Stage): Promise<S>;
  /** How they walk; about, when left out. */
  steering?(scene: S): Promise<Steering>;
  /** Once, at a moment when everyone plays. Null: it could not be done, which is told as trouble. */
  round(number: number, cast: Cast<S>): Promise<Done | null>;
  /** Behind the last one, while everyone is there. */
  last(cast: Cast<S>): Promise<Last>;
}

export interface Played<Done, Last> extends WalkEvidence {
  readonly done: readonly Done[];
  readonly last: Last;
  /** What did not come about in time. */
  readonly trouble: readonly string[];
  /** When everybody was there. */
  readonly sinceMs: number;
  /** Of it all, but for what was broken when, and what was asked for. */
  readonly course: Omit<Course, 'faults' | 'operations' | 'settled'>;
}

/** A round begins at a moment between these after the one before it. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;

/** A cluster of its own, players, and so many rounds, unless something does not come about. */
export function playRounds<S extends Scene, Done, Last>(
  options: RoundsOptions,
  play: Play<S, Done, Last>,
): Promise<Played<Done, Last>> {
  return inDrillFolder(async (folder, life) => {
    const { seed, progress } = options;
    const stage = { ...options, folder, life, lanes: new LaneLog(), random: new Random(seed) };
    progress('the cluster starts');
    const scene = await play.open(stage);
    const { gives, sideM, heardMs = 0 } = play;
    const steering = (await play.steering?.(scene)) ?? about(sideM);
    const crowd = await life.start(
      'crowd',
      () => new Crowd(scene.cluster, { ...stage, gives, sideM, steering, heardMs }),
      (it) => it.leave(),
    );
    const startMs = performance.now();
    const cast = { ...stage, ...scene, crowd };
    const { done, sightings, sinceMs } = await rounds(cast, play);
    const last = await play.last(cast);
    const endMs = performance.now();
    const { records, trouble } = crowd;
    const course = { startMs, endMs, lanes: stage.lanes.lanes(endMs), ...walksOf(records) };
    return { records, sightings, sinceMs, endMs, done, last, trouble, course };
  });
}

async function rounds<S extends Scene, Done, Last>(
  cast: Cast<S>,
  play: Play<S, Done, Last>,
): Promise<{ done: Done[]; sightings: Sighting[][]; sinceMs: number }> {
  const { crowd, repeat, random, signal, progress } = cast;
  const done: Done[] = [];
  const sightings: Sighting[][] = [];
  const load = () => sleep(random.between(LOAD_MS.least, LOAD_MS.most), undefined, { signal });
  await crowd.enter();
  await load();
  const sinceMs = performance.now();
  for (let number = 0; number < repeat && crowd.trouble.length === 0; number++) {
    await load();
    const counted = (line: string): void => progress(`${number + 1} of ${repeat}: ${line}`);
    const one = await play.round(number, { ...cast, progress: counted });
    if (one === null) break;
    done.push(one);
    sightings.push(crowd.sightings);
  }
  return { done, sightings, sinceMs };
}
