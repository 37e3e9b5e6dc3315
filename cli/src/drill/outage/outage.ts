import { setTimeout as sleep } from 'node:timers/promises';
import { coinsOf, type SettledBooks, settledBooks } from '../books/settled-books.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledDatabase } from '../parts/drilled-database.ts';
import { DrilledMember } from '../parts/drilled-member.ts';
import { DrilledNats } from '../parts/drilled-nats.ts';
import type { DrilledPart, Loss, StartedPart } from '../parts/drilled-part.ts';
import type { Course } from '../report/course.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene, type Stage } from '../rounds/rounds.ts';
import { sideMFor } from '../walkers/counting-world.ts';
import { type Evidence, judge, type Outage } from './judge.ts';
import type { OutageKind } from './outage-kind.ts';
import { outageReport } from './report.ts';

export interface OutageOptions extends RoundsOptions {
  readonly kind: OutageKind;
  /** For how long it is gone, each time. */
  readonly forMs: number;
  /** By how much answers come late of what is slow. */
  readonly slowMs?: number;
}

export interface OutageResult {
  readonly report: ReturnType<typeof outageReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

interface OutageScene extends Scene {
  /** What is taken away. */
  readonly part: DrilledPart;
  readonly database: DrilledDatabase;
}

/** So long is looked on before an outage, and behind it. */
const CALM_MS = 1_000;

/** A cluster of its own, players who walk and give coins, and a part that goes away and comes back, again and again. */
export async function outage(options: OutageOptions): Promise<OutageResult> {
  const { kind, players, repeat, forMs } = options;
  const { course, ...played } = await playRounds(options, playOf(options));
  const { records, sightings, endMs, done: outages, last, trouble } = played;
  const evidence = { records, sightings, outages, ...last, endMs };
  const report = outageReport({ kind, players, repeats: repeat, forMs, trouble }, evidence, judge(evidence));
  const faults = outages.map(({ how, fromMs, untilMs }) => ({ what: `${kind.part} ${how}`, fromMs, untilMs }));
  const settled = coinsOf(last.deals, endMs);
  return { report, evidence, course: { ...course, faults, operations: 'coins given', settled } };
}

function playOf(options: OutageOptions): Play<OutageScene, Outage, SettledBooks> {
  const { kind, players } = options;
  const sideM = sideMFor(players);
  return {
    gives: 'to the next',
    sideM,
    open: (stage) => startParts(options, sideM, stage),
    round: (number, cast) => takeAway(options, kind.ways[number % kind.ways.length] as Loss, cast),
    last: ({ crowd, database, signal }) => settledBooks(crowd, database.url, signal),
  };
}

/** The database is the drill's own in every case: its books are read at the end. */
async function startParts(
  { kind, slowMs }: OutageOptions,
  sideM: number,
  { folder, life, lanes, seed, signal }: Stage,
): Promise<OutageScene> {
  const of = <T extends StartedPart>(start: Promise<T>): Promise<T> =>
    life.start(
      'part',
      () => start,
      (it) => it.stop(),
    );
  const nats = await of(DrilledNats.start(folder));
  lanes.note(nats.name, 'alive', performance.now());
  const database = await of(DrilledDatabase.start(folder, slowMs));
  lanes.note(database.name, 'alive', performance.now());
  const own = { natsUrl: nats.url, databaseUrl: database.url };
  const cluster = await life.start(
    'cluster',
    () => new DrilledCluster({ folder, seed, sideM, lanes, ...own }),
    (it) => it.stop(),
  );
  const parts = { NATS: nats, 'the database': database, 'the backend': new DrilledMember(cluster, 'backend') };
  const part: DrilledPart = parts[kind.part];
  // Whatever ends the drill: the cluster stops with everything there.
  await life.start(
    'what was taken away',
    () => part,
    (it) => it.giveBack(),
  );
  await cluster.opened(signal);
  return { cluster, part, database };
}

async function takeAway({ kind, forMs, slowMs }: OutageOptions, how: Loss, cast: Cast<OutageScene>): Promise<Outage> {
  const { crowd, part, lanes, signal, progress } = cast;
  progress(`${kind.part} is ${how}`);
  const calmMs = performance.now() - CALM_MS;
  await crowd.everyone(({ giver }) => giver.hasDoneSince(calmMs), 'give something');
  const fromMs = performance.now();
  await part.take(how);
  if (how !== 'slow') lanes.note(part.name, how === 'silent' ? 'silent' : 'gone', performance.now());
  if (forMs > 0) await sleep(forMs, undefined, { signal });
  await part.giveBack();
  const untilMs = performance.now();
  lanes.note(part.name, 'alive', untilMs);
  await crowd.everyone((player) => player.ackedSince(untilMs), 'walk on');
  await crowd.everyone(({ giver }) => giver.hasDoneSince(untilMs), 'give again');
  await sleep(CALM_MS, undefined, { signal });
  progress(`${kind.part} is back`);
  return { how, fromMs, untilMs, ...(slowMs === undefined ? {} : { slowMs }) };
}
