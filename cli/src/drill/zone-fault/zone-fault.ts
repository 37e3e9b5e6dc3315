import { setTimeout as sleep } from 'node:timers/promises';
import { coinsOf, type SettledBooks, settledBooks } from '../books/settled-books.ts';
import { DrilledCluster, zoneProcess } from '../parts/drilled-cluster.ts';
import { DrilledDatabase } from '../parts/drilled-database.ts';
import { DrilledNats } from '../parts/drilled-nats.ts';
import { DrilledZones } from '../parts/drilled-zones.ts';
import type { Course } from '../report/course.ts';
import { Handovers } from '../rounds/handovers.ts';
import { type Cast, type Play, playRounds, type RoundsOptions, type Scene, type Stage } from '../rounds/rounds.ts';
import { zonedSideMFor } from '../walkers/counting-world.ts';
import type { Heard } from '../walkers/record.ts';
import { BusWitness } from '../witness/bus-witness.ts';
import { STRAY_MS } from '../witness/fences.ts';
import { type Write, WriteWitness } from '../witness/write-witness.ts';
import { type Evidence, judge, type Strike } from './judge.ts';
import type { ZoneFaultKind } from './kinds.ts';
import { zoneFaultReport } from './report.ts';
import { type Victims, victims } from './victims.ts';

export interface ZoneFaultOptions extends RoundsOptions {
  readonly kind: ZoneFaultKind;
  readonly zoneServers: number;
  /** For how long the supervisor is held with each kill. */
  readonly restartDelayMs: number;
  /** How much longer than until others have its zones a server is stopped. */
  readonly beyondMs: number;
}

export interface ZoneFaultResult {
  readonly report: ReturnType<typeof zoneFaultReport>;
  readonly evidence: Evidence;
  readonly course: Course;
}

interface FaultScene extends Scene {
  readonly database: DrilledDatabase;
  readonly zones: DrilledZones;
  readonly bus: BusWitness;
  readonly writes: WriteWitness;
  readonly handovers: Handovers;
  /** What players heard about when a former owner spoke, and how many of its messages were looked at. */
  readonly stale: { heard: Heard[]; strays: number };
}

interface Last extends SettledBooks {
  readonly writes: readonly Write[];
}

const CALM_MS = 1_000;
/** A former owner that goes on is looked at for so long. */
const AFTER_MS = STRAY_MS.after + CALM_MS;
/** Longer than from a stray to the end of its round. */
const HEARD_MS = 10_000;

/** A cluster of its own, players who walk and give coins, and servers of zones that fail, again and again. */
export async function zoneFault(options: ZoneFaultOptions): Promise<ZoneFaultResult> {
  const { kind, players, repeat } = options;
  const seen: { scene?: FaultScene } = {};
  const { course, ...played } = await playRounds(options, playOf(options, seen));
  const { records, sightings, sinceMs, endMs, done: strikes, last, trouble } = played;
  const { bus, handovers, stale } = seen.scene as FaultScene;
  const evidence: Evidence = {
    ...{ records, sightings, sinceMs, endMs, strikes, ...last, handovers: handovers.total, heard: stale.heard },
    ...{ owners: bus.owners.owners, strays: bus.owners.strays, asked: bus.desk.asked, writesRefused: bus.desk.refused },
  };
  const report = zoneFaultReport({ kind, players, repeats: repeat, trouble }, evidence, judge(evidence, kind.fromCopy));
  const faults = strikes.map(({ servers, atMs, againMs }) => {
    return { what: `${servers.join(' and ')} ${kind.fault}`, fromMs: atMs, untilMs: againMs ?? endMs };
  });
  const settled = coinsOf(last.deals, endMs);
  return { report, evidence, course: { ...course, faults, operations: 'coins given', settled } };
}

function playOf(options: ZoneFaultOptions, seen: { scene?: FaultScene }): Play<FaultScene, Strike, Last> {
  const sideM = zonedSideMFor(options.players);
  return {
    ...{ gives: 'to who is near', sideM, heardMs: HEARD_MS },
    open: async (stage) => {
      seen.scene = await open(stage, sideM, options.zoneServers);
      return seen.scene;
    },
    round: (_, cast) => round(options, cast),
    last: async ({ crowd, database, writes, signal }) => {
      const books = await settledBooks(crowd, database.url, signal);
      return { ...books, writes: await writes.writes() };
    },
  };
}

async function open(stage: Stage, sideM: number, zoneServers: number): Promise<FaultScene> {
  const { folder, life, lanes, seed, signal } = stage;
  const nats = await life.start(
    'nats',
    () => DrilledNats.start(folder),
    (it) => it.stop(),
  );
  const database = await life.start(
    'database',
    () => DrilledDatabase.start(folder),
    (it) => it.stop(),
  );
  for (const { name } of [nats, database]) lanes.note(name, 'alive', performance.now());
  const own = { natsUrl: nats.url, databaseUrl: database.url };
  const cluster = await life.start(
    'cluster',
    () => new DrilledCluster({ folder, seed, sideM, zoneServers, lanes, ...own }),
    (it) => it.stop(),
  );
  await cluster.opened(signal);
  const bus = await life.start(
    'witness of the bus',
    () => BusWitness.start(nats.url),
    (it) => it.stop(),
  );
  const writes = await life.start(
    'witness of the database',
    () => WriteWitness.start(database.url),
    (it) => it.stop(),
  );
  const zones = await life.start(
    'zones',
    () => new DrilledZones(database.url),
    (it) => it.stop(),
  );
  const handovers = new Handovers(cluster);
  return { cluster, database, zones, bus, writes, handovers, stale: { heard: [], strays: 0 } };
}

async function round(options: ZoneFaultOptions, cast: Cast<FaultScene>): Promise<Strike | null> {
  const { crowd, zones, bus, signal, progress } = cast;
  const { players } = crowd;
  const calmMs = performance.now() - CALM_MS;
  await crowd.until(() => players.every(({ giver }) => giver.hasDoneSince(calmMs)), 'everyone to give something');
  const { kind } = options;
  const found = victims(kind.servers, bus.owners.servers, await zones.plan(), await zones.servers());
  if (found === null) {
    crowd.trouble.push('there are not enough zone servers left');
    return null;
  }
  const named = { servers: found.servers.map(zoneProcess), zones: found.zones };
  progress(`${named.servers.join(' and ')} with ${named.zones.length} zones ${kind.fault}`);
  const struck = kind.fault === 'killed' ? await kill(named, options, cast) : await pause(named, options, cast);
  const wholeMs = performance.now();
  await crowd.until(() => players.every((player) => player.ackedSince(wholeMs)), 'everyone to walk on');
  await crowd.until(() => players.every(({ giver }) => giver.hasDoneSince(wholeMs)), 'everyone to give again');
  await sleep(kind.fault === 'killed' ? CALM_MS : AFTER_MS, undefined, { signal });
  await cast.handovers.look();
  keepHeard(cast);
  return { ...named, ...struck, untilMs: performance.now() };
}

type Struck = Pick<Strike, 'atMs' | 'happened' | 'takenMs' | 'againMs'>;

async function kill(
  { servers, zones }: Victims,
  { restartDelayMs }: ZoneFaultOptions,
  { cluster, crowd, bus }: Cast<FaultScene>,
): Promise<Struck> {
  const before = epochsOf(zones, bus);
  const was = servers.map((name) => ({ name, deaths: cluster.deaths(name), starts: cluster.starts(name) }));
  const atMs = performance.now();
  cluster.kill(servers, restartDelayMs);
  const takenMs = await taken(before, { bus, crowd });
  const died = (): boolean => was.every(({ name, deaths }) => cluster.deaths(name) > deaths);
  const isAgain = (): boolean => was.every(({ name, starts }) => cluster.starts(name) > starts);
  await crowd.until(() => died() && isAgain(), 'what was killed to be there again');
  return { atMs, happened: died(), takenMs, againMs: isAgain() ? performance.now() : null };
}

/** The supervisor is held as well: it would kill what gives no sign of life. */
async function pause(
  { servers, zones }: Victims,
  { beyondMs }: ZoneFaultOptions,
  { cluster, crowd, bus, signal }: Cast<FaultScene>,
): Promise<Struck> {
  const before = epochsOf(zones, bus);
  const atMs = performance.now();
  cluster.hold();
  try {
    for (const name of servers) cluster.pause(name);
    const takenMs = await taken(before, { bus, crowd });
    await sleep(beyondMs, undefined, { signal });
    return { atMs, happened: takenMs !== null, takenMs, againMs: performance.now() };
  } finally {
    for (const name of servers) cluster.goOn(name);
    cluster.release();
  }
}

function epochsOf(zones: readonly number[], bus: BusWitness): ReadonlyMap<number, number> {
  const heard = zones.flatMap((zone) => bus.owners.ownerOf(zone) ?? []);
  return new Map(heard.map(({ zone, epoch }) => [zone, epoch]));
}

/** When the last of those zones was heard by a later epoch; null: not in all that time. */
async function taken(
  before: ReadonlyMap<number, number>,
  { bus, crowd }: Pick<Cast<FaultScene>, 'bus' | 'crowd'>,
): Promise<number | null> {
  const owners = () => [...before].map(([zone, epoch]) => ({ epoch, owner: bus.owners.ownerOf(zone) }));
  const isTaken = (): boolean => owners().every(({ epoch, owner }) => (owner?.epoch ?? 0) > epoch);
  await crowd.until(isTaken, 'another owner of the zones');
  return isTaken() ? Math.max(...owners().map(({ owner }) => owner?.firstMs ?? 0)) : null;
}

/** What players heard is not kept for long. */
function keepHeard({ bus, crowd, stale }: Cast<FaultScene>): void {
  const { strays } = bus.owners;
  const [first, last] = [strays[stale.strays], strays.at(-1)];
  stale.strays = strays.length;
  if (first === undefined || last === undefined) return;
  stale.heard.push(...crowd.heard(first.atMs - STRAY_MS.before, last.atMs + STRAY_MS.after));
}
