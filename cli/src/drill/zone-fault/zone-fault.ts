import { setTimeout as sleep } from 'node:timers/promises';
import { coinsOf, type SettledBooks, settledBooks } from '../books/settled-books.ts';
import { gatewayName, inRegion, regions, zoneProcess } from '../parts/drilled-cluster.ts';
import type { Course } from '../report/course.ts';
import { type Cast, type Play, playRounds, type RoundsOptions } from '../rounds/rounds.ts';
import { zonedSideMFor } from '../walkers/counting-world.ts';
import { STRAY_MS } from '../witness/fences.ts';
import type { Write } from '../witness/write-witness.ts';
import { type Evidence, judge, type Strike } from './judge.ts';
import type { ZoneFaultKind } from './kinds.ts';
import { cuts, giveZone, part } from './part.ts';
import { zoneFaultReport } from './report.ts';
import { type FaultScene, openScene } from './scene.ts';
import { kill, pause, type Struck } from './strikes.ts';
import { type Victims, victims } from './victims.ts';

export interface ZoneFaultOptions extends RoundsOptions {
  readonly kind: ZoneFaultKind;
  readonly zoneServers: number;
  /** For how long the supervisor is held with each kill. */
  readonly restartDelayMs: number;
  /** How much longer than until others have its zones a server is stopped, or parted from them. */
  readonly beyondMs: number;
  /** What is parted is parted by a proxy in any case. */
  readonly proxy: boolean;
}

export interface ZoneFaultResult {
  readonly report: ReturnType<typeof zoneFaultReport>;
  readonly evidence: Evidence;
  readonly course: Course;
  /** What parted a server from the others; null: nothing did. */
  readonly partedBy: string | null;
}

interface Last extends SettledBooks {
  readonly writes: readonly Write[];
}

const CALM_MS = 1_000;
const LOOK_MS = 100;
const SAID_MS = 2_500;
/** A region that is there again gets its copies within so long. */
const GUARDED_MS = 60_000;
/** For so long is looked at what comes of a former owner: what was lost on a network is said again, later and later. */
const AFTER_MS = { killed: CALM_MS, paused: STRAY_MS.after + CALM_MS, parted: 10_000 } as const;
/** More than from a stray to the end of its round. */
const HEARD_MS = { killed: 5_000, paused: 10_000, parted: 20_000 } as const;

/** A cluster of its own, players who walk and give coins, and servers of zones that fail, again and again. */
export async function zoneFault(options: ZoneFaultOptions): Promise<ZoneFaultResult> {
  const { kind, players, repeat } = options;
  const seen: { scene?: FaultScene } = {};
  const { course, ...played } = await playRounds(options, playOf(options, seen));
  const { records, sightings, sinceMs, endMs, done: strikes, last, trouble } = played;
  const { bus, handovers, stale, far } = seen.scene as FaultScene;
  const evidence: Evidence = {
    ...{ records, sightings, sinceMs, endMs, strikes, ...last, handovers: handovers.total, heard: stale.heard },
    ...{ owners: bus.owners.owners, strays: bus.owners.strays, asked: bus.desk.asked, writesRefused: bus.desk.refused },
  };
  const report = zoneFaultReport({ kind, players, repeats: repeat, trouble }, evidence, judge(evidence, kind.fromCopy));
  const faults = strikes.map(({ servers, how, atMs, againMs }) => {
    return { what: `${servers.join(' and ')} ${how}`, fromMs: atMs, untilMs: againMs ?? endMs };
  });
  const settled = coinsOf(last.deals, endMs);
  const drawn = { ...course, faults, operations: 'coins given', settled };
  return { report, evidence, course: drawn, partedBy: far?.by ?? null };
}

function playOf(options: ZoneFaultOptions, seen: { scene?: FaultScene }): Play<FaultScene, Strike, Last> {
  const { kind, players, zoneServers, proxy } = options;
  const sideM = zonedSideMFor(players);
  return {
    ...{ gives: 'to who is near', sideM, heardMs: HEARD_MS[kind.fault] },
    open: async (stage) => {
      const far = kind.fault === 'parted' ? { proxy } : null;
      seen.scene = await openScene(stage, { sideM, zoneServers, isParted: kind.servers === 'region', far });
      return seen.scene;
    },
    round: (number, cast) => round(number, options, cast),
    last: async ({ crowd, database, writes, signal }) => {
      const books = await settledBooks(crowd, database.url, signal);
      return { ...books, writes: await writes.writes() };
    },
  };
}

async function round(number: number, options: ZoneFaultOptions, cast: Cast<FaultScene>): Promise<Strike | null> {
  const { crowd, signal, progress, far } = cast;
  const { kind } = options;
  const found = far === null ? await struckBy(number, kind, cast) : await giveZone(far, cast);
  if (found === null) return null;
  const calmMs = performance.now() - CALM_MS;
  await crowd.everyone(({ giver }) => giver.hasDoneSince(calmMs), 'give something');
  const how = kind.fault === 'parted' ? `parted: ${cuts[number % cuts.length]}` : kind.fault;
  progress(`${found.servers.join(' and ')} with ${found.zones.length} zones ${how}`);
  const struck = await strike(number, found, options, cast);
  const wholeMs = performance.now();
  await crowd.everyone((player) => player.ackedSince(wholeMs), 'walk on');
  await crowd.everyone(({ giver }) => giver.hasDoneSince(wholeMs), 'give again');
  await sleep(AFTER_MS[kind.fault], undefined, { signal });
  await cast.handovers.look();
  keepHeard(cast);
  return { ...found, how, ...struck, untilMs: performance.now() };
}

function struckBy(number: number, { servers }: ZoneFaultKind, cast: Cast<FaultScene>): Promise<Victims | null> {
  return servers === 'region' ? region(number % regions.length, cast) : fullest(servers, cast);
}

/** All of a region, once the second copy of each of its zones is in the other one. */
async function region(at: number, { cluster, zones, crowd, signal }: Cast<FaultScene>): Promise<Victims | null> {
  const isHere = (server: string): boolean => inRegion(at, zoneProcess(server));
  const untilMs = performance.now() + GUARDED_MS;
  let guardedMs: number | null = null;
  while (performance.now() < untilMs) {
    const { servers, standbys } = await zones.plan();
    const theirs = [...servers].filter(([, server]) => isHere(server)).map(([zone]) => zone);
    const isGuarded = theirs.every((zone) => standbys.has(zone) && !isHere(standbys.get(zone) as string));
    guardedMs = theirs.length > 0 && isGuarded ? (guardedMs ?? performance.now()) : null;
    // What zones say of their copies comes once a second, and may be of a copy before.
    const isSaid = guardedMs !== null && performance.now() - guardedMs > SAID_MS;
    if (isSaid && (await cluster.hasCopies())) {
      const all = (await zones.servers()).filter(isHere).map(zoneProcess);
      return { servers: [...all, gatewayName(at)], zones: theirs };
    }
    await sleep(LOOK_MS, undefined, { signal });
  }
  crowd.trouble.push(`the zones of ${regions[at]} had no second copies elsewhere, or there were none`);
  return null;
}

async function fullest(count: 1 | 2, cast: Cast<FaultScene>): Promise<Victims | null> {
  const { zones, bus, crowd } = cast;
  const found = victims(count, bus.owners.servers, await zones.plan(), await zones.servers());
  if (found === null) crowd.trouble.push('there are not enough zone servers left');
  return found === null ? null : { servers: found.servers.map(zoneProcess), zones: found.zones };
}

function strike(
  number: number,
  found: Victims,
  { kind, restartDelayMs, beyondMs }: ZoneFaultOptions,
  cast: Cast<FaultScene>,
): Promise<Struck> {
  if (kind.fault === 'killed') return kill(found, restartDelayMs, cast);
  if (cast.far === null) return pause(found, beyondMs, cast);
  return part(cast.far, cuts[number % cuts.length] ?? 'whole', found, beyondMs, cast);
}

/** What players heard is not kept for long. */
function keepHeard({ bus, crowd, stale }: Cast<FaultScene>): void {
  const { strays } = bus.owners;
  const [first, last] = [strays[stale.strays], strays.at(-1)];
  stale.strays = strays.length;
  if (first === undefined || last === undefined) return;
  stale.heard.push(...crowd.heard(first.atMs - STRAY_MS.before, last.atMs + STRAY_MS.after));
}
