import { areaOf, type OwnedNotice, siblings, split, type ZonePlan, zonesIn } from '@lifeverse/contracts';
import type { Cut, ZoneChange } from './changes.ts';

/** What is known of zones, by number, and which servers run. */
export interface Loads {
  readonly zones: ReadonlyMap<number, OwnedNotice>;
  readonly alive: ReadonlySet<string>;
}

/** A change that would spread the work better, and how long that must have been so, ms. */
export interface Advice {
  readonly change: ZoneChange;
  readonly why: string;
  readonly afterMs: number;
}

/** A zone that needs more of a core is split, if it has players enough. */
const BUSY_PERMILLE = 600;
const PLAYERS_TO_SPLIT = 20;
/** A server that needs more of a core for all its zones gives one away. */
const FULL_PERMILLE = 750;
/** So much less must the other server have to do, before and after. */
const APART_PERMILLE = 200;
/** Two zones that need less together, on one server or another, become one. */
const QUIET_PERMILLE = 120;
const BUSY_MS = 10_000;
const QUIET_MS = 60_000;
const ZONES_MAX = 256;

/** What would be better; null: nothing, or not enough is known. Zones that are pinned stay as they are. */
export function advice(plan: ZonePlan, { zones, alive }: Loads): Advice | null {
  const tree = plan.arrangement.zones;
  const all = zonesIn(tree);
  if (!all.every((zone) => zones.has(zone) && alive.has(plan.servers.get(zone) ?? ''))) return null;
  const busy = (zone: number): number => (zones.get(zone) as OwnedNotice).busyPermille;
  const work = new Map([...alive].toSorted().map((server) => [server, 0]));
  for (const zone of all) {
    const server = plan.servers.get(zone) as string;
    work.set(server, (work.get(server) as number) + busy(zone));
  }
  const free = all.filter((zone) => !plan.pinned.includes(zone));
  const view: View = { plan, zones, work, free, busy };
  return splitting(view) ?? moving(view) ?? merging(view);
}

interface View {
  readonly plan: ZonePlan;
  readonly zones: ReadonlyMap<number, OwnedNotice>;
  /** By server. */
  readonly work: ReadonlyMap<string, number>;
  readonly free: readonly number[];
  busy(zone: number): number;
}

/** The busiest of the zones for which another server has room. */
function splitting({ plan, zones, work, free, busy }: View): Advice | null {
  const [server, least] = leastOf(work);
  if (zonesIn(plan.arrangement.zones).length >= ZONES_MAX) return null;
  for (const zone of free.toSorted((a, b) => busy(b) - busy(a))) {
    const { players } = zones.get(zone) as OwnedNotice;
    const now = work.get(plan.servers.get(zone) as string) as number;
    if (busy(zone) < BUSY_PERMILLE || players < PLAYERS_TO_SPLIT) continue;
    if (least + busy(zone) / 2 > now - APART_PERMILLE) continue;
    const cut = cutOf(plan, zone, zones.get(zone) as OwnedNotice);
    if (cut === null) continue;
    const why = `zone ${zone} needs ${percent(busy(zone))} of a core for its ${players} players`;
    return { change: { change: 'split', zone, cut, server }, why, afterMs: BUSY_MS };
  }
  return null;
}

/** Where about half of the players are on either side: across the longer side, or else the other. */
function cutOf(plan: ZonePlan, zone: number, { middle }: OwnedNotice): Cut | null {
  const tree = plan.arrangement.zones;
  const area = areaOf(tree, zone);
  if (area === undefined) return null;
  const { columns, rows } = plan.cells;
  const width = Math.min(area.x.to, columns) - Math.max(area.x.from, 0);
  const height = Math.min(area.y.to, rows) - Math.max(area.y.from, 0);
  const cuts: Cut[] = [
    { axis: 'x', at: middle.x },
    { axis: 'y', at: middle.y },
  ];
  if (height > width) cuts.reverse();
  return cuts.find(({ axis, at }) => split(tree, zone, axis, at, plan.arrangement.nextZone) !== undefined) ?? null;
}

/** Of the fullest server, the zone that evens the two out best. */
function moving({ plan, work, free, busy }: View): Advice | null {
  const [server, least] = leastOf(work);
  const [full, most] = [...work].reduce((most, each) => (each[1] > most[1] ? each : most));
  if (most < FULL_PERMILLE || full === server) return null;
  const there = free.filter((zone) => plan.servers.get(zone) === full);
  const uneven = (zone: number): number => Math.abs(most - busy(zone) - (least + busy(zone)));
  const [zone] = there.toSorted((a, b) => uneven(a) - uneven(b));
  // A server with one zone alone only passes its work on.
  if (zone === undefined || uneven(zone) > most - least - APART_PERMILLE) return null;
  const why = `${full} needs ${percent(most)} of a core, ${server} ${percent(least)}`;
  return { change: { change: 'move', zone, server }, why, afterMs: BUSY_MS };
}

/** The quietest pair that was cut from one, as long as there are more zones than at first. */
function merging({ plan, free, busy }: View): Advice | null {
  const tree = plan.arrangement.zones;
  if (zonesIn(tree).length <= plan.zonesMin) return null;
  const pairs = siblings(tree).filter((pair) => pair.every((zone) => free.includes(zone)));
  const together = ([low, high]: readonly [number, number]): number => busy(low) + busy(high);
  const [pair] = pairs.toSorted((a, b) => together(a) - together(b));
  if (pair === undefined || together(pair) > QUIET_PERMILLE) return null;
  const [into, from] = busy(pair[0]) >= busy(pair[1]) ? pair : [pair[1], pair[0]];
  const why = `zones ${pair[0]} and ${pair[1]} need ${percent(together(pair))} of a core together`;
  return { change: { change: 'merge', into, from }, why, afterMs: QUIET_MS };
}

/** The first of those with the least. */
export function leastOf(work: ReadonlyMap<string, number>): readonly [server: string, permille: number] {
  return [...work].reduce((least, each) => (each[1] < least[1] ? each : least));
}

const percent = (permille: number): string => `${Math.round(permille / 10)} %`;
