import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@lifeverse/base';
import type { Lifecycle } from '@lifeverse/node-kit';
import { readBooks, settledEvidence } from '../books/read-books.ts';
import type { Attending } from '../drill-command.ts';
import { inDrillFolder } from '../drill-folder.ts';
import { DrilledCluster } from '../parts/drilled-cluster.ts';
import { DrilledDatabase } from '../parts/drilled-database.ts';
import { DrilledNats } from '../parts/drilled-nats.ts';
import type { DrilledPart, Loss } from '../parts/drilled-part.ts';
import type { Course, Settled } from '../report/course.ts';
import { LaneLog } from '../report/lane-log.ts';
import { currency, sideMFor } from '../walkers/counting-world.ts';
import { Crowd, walksOf } from '../walkers/crowd.ts';
import type { Deal, Sighting } from '../walkers/record.ts';
import { type Evidence, judge, type Outage } from './judge.ts';
import type { OutageKind } from './outage-kind.ts';
import { outageReport } from './report.ts';

export interface OutageOptions extends Attending {
  readonly kind: OutageKind;
  readonly players: number;
  readonly repeat: number;
  /** For how long it is gone, each time. */
  readonly forMs: number;
  readonly seed: number;
}

export interface OutageResult {
  readonly report: ReturnType<typeof outageReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

/** It is taken away at a moment between these, after everyone plays; and as long is looked on behind it. */
const LOAD_MS = { least: 1_000, most: 3_000 } as const;

/** A cluster of its own, players who walk and give coins, and a part that goes away and comes back, again and again. */
export function outage(options: OutageOptions): Promise<OutageResult> {
  return inDrillFolder(async (folder, life) => {
    const { kind, players, repeat, forMs, progress } = options;
    const lanes = new LaneLog();
    const random = new Random(options.seed);
    progress('the cluster starts');
    const { cluster, part, database } = await startParts(folder, life, lanes, options);
    const crowd = await life.start(
      'crowd',
      () => new Crowd(cluster, { ...options, random, gives: true }),
      (it) => it.leave(),
    );
    const startMs = performance.now();
    const { outages, sightings } = await new OutageRun({ crowd, part, lanes, random, options }).run();
    const { books, deals } = await settledBooks(crowd, database, options);
    const evidence = { records: crowd.records, sightings, outages, deals, books, endMs: performance.now() };
    const played = { kind, players, repeats: repeat, forMs, trouble: crowd.trouble };
    const report = outageReport(played, evidence, judge(evidence));
    return { report, evidence, course: courseOf(kind, evidence, { startMs, lanes }) };
  });
}

/** The database is the drill's own in every case: its books are read at the end. */
async function startParts(
  folder: string,
  life: Lifecycle,
  lanes: LaneLog,
  { kind, seed, players, signal }: OutageOptions,
) {
  const of = <T extends DrilledPart>(start: Promise<T>): Promise<T> =>
    life.start(
      'part',
      () => start,
      (it) => it.stop(),
    );
  const nats = await of(DrilledNats.start(folder));
  lanes.note(nats.name, 'alive', performance.now());
  const database = await of(DrilledDatabase.start(folder));
  lanes.note(database.name, 'alive', performance.now());
  const cluster = await life.start(
    'cluster',
    () =>
      new DrilledCluster({
        folder,
        seed,
        sideM: sideMFor(players),
        lanes,
        natsUrl: nats.url,
        databaseUrl: database.url,
      }),
    (it) => it.stop(),
  );
  const part: DrilledPart = kind.part === 'NATS' ? nats : database;
  // Whatever ends the drill: the cluster stops with everything there.
  await life.start(
    'what was taken away',
    () => part,
    (it) => it.giveBack(),
  );
  await cluster.opened(signal);
  return { cluster, part, database };
}

interface Running {
  readonly crowd: Crowd;
  readonly part: DrilledPart;
  readonly lanes: LaneLog;
  readonly random: Random;
  readonly options: OutageOptions;
}

class OutageRun {
  readonly #running: Running;
  readonly #outages: Outage[] = [];
  readonly #sightings: Sighting[][] = [];

  constructor(running: Running) {
    this.#running = running;
  }

  async run(): Promise<Pick<Evidence, 'outages' | 'sightings'>> {
    const { crowd, options } = this.#running;
    const { kind, repeat, progress } = options;
    await crowd.enter();
    for (let number = 0; number < repeat && crowd.trouble.length === 0; number++) {
      const how = kind.ways[number % kind.ways.length] as Loss;
      progress(`${number + 1} of ${repeat}: ${kind.part} is ${how}`);
      await this.#round(how);
    }
    return { outages: this.#outages, sightings: this.#sightings };
  }

  async #round(how: Loss): Promise<void> {
    const { crowd, part, lanes, random, options } = this.#running;
    const { signal, kind, forMs } = options;
    const { players } = crowd;
    await sleep(random.between(LOAD_MS.least, LOAD_MS.most), undefined, { signal });
    const calmMs = performance.now() - LOAD_MS.least;
    await crowd.until(() => players.every(({ giver }) => giver.hasDoneSince(calmMs)), 'everyone to give something');
    const fromMs = performance.now();
    await part.take(how);
    lanes.note(part.name, how === 'silent' ? 'silent' : 'gone', performance.now());
    if (forMs > 0) await sleep(forMs, undefined, { signal });
    await part.giveBack();
    const untilMs = performance.now();
    lanes.note(part.name, 'alive', untilMs);
    this.#outages.push({ how, fromMs, untilMs });
    await crowd.until(() => players.every((player) => player.ackedSince(untilMs)), 'everyone to walk on');
    await crowd.until(() => players.every(({ giver }) => giver.hasDoneSince(untilMs)), 'everyone to give again');
    await sleep(LOAD_MS.least, undefined, { signal });
    this.#sightings.push(crowd.sightings);
    options.progress(`${kind.part} is back`);
  }
}

/** Once all that was asked for is decided, and everyone is shown what they have. */
async function settledBooks(
  crowd: Crowd,
  database: DrilledPart,
  { signal }: OutageOptions,
): Promise<Pick<Evidence, 'books' | 'deals'>> {
  const { players } = crowd;
  for (const { giver } of players) giver.rest();
  await crowd.until(() => players.every(({ giver }) => giver.idle), 'answers to all that was asked for');
  const deals = players.flatMap((player) => player.deals);
  const read = async () => {
    const shown = players.map((player) => player.shown);
    return { ...(await readBooks(database.url)), shown, currency, asked: deals };
  };
  const { asked: _asked, ...books } = await settledEvidence(read, signal);
  return { books, deals };
}

function courseOf(
  kind: OutageKind,
  { records, deals, outages, endMs }: Evidence,
  { startMs, lanes }: { startMs: number; lanes: LaneLog },
): Course {
  const faults = outages.map(({ how, fromMs, untilMs }) => ({ what: `${kind.part} ${how}`, fromMs, untilMs }));
  const settled = deals.flatMap((deal) => settledOf(deal, endMs));
  return { startMs, endMs, lanes: lanes.lanes(endMs), faults, ...walksOf(records), operations: 'coins given', settled };
}

function settledOf({ askedMs, answeredMs, outcome, refusals }: Deal, endMs: number): Settled[] {
  const refused = refusals.map(({ atMs }): Settled => ({ atMs, outcome: 'refused' }));
  if (outcome === null || answeredMs > endMs) return [...refused, { atMs: askedMs, outcome: 'unknown' }];
  return outcome.ok ? [...refused, { atMs: answeredMs, outcome: 'done' }] : refused;
}
