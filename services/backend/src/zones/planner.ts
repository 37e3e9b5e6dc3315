import { type ZonePlan, zonesIn, zonesOf } from '@lifeverse/contracts';
import { advice, type Loads, leastOf } from './balance.ts';
import { planOf } from './changes.ts';
import { emptied } from './drains.ts';
import { homesOf, type KnownGateway, unevenness } from './homes.ts';
import { placeable, type Servers } from './placeable.ts';
import type { PlanDecision } from './plan-decision.ts';

/** How things stand: what zones have said of themselves lately, and which servers have a lease. */
export interface Standing extends Loads, Servers {
  /** Servers that were started after the plan was made: they have nothing of what it gives them. */
  readonly restarted?: ReadonlySet<string>;
  /** Of servers that say where they stand; left out: none does. */
  readonly regions?: ReadonlyMap<string, string>;
  /** That take players; left out: none is known. */
  readonly gateways?: readonly KnownGateway[];
  /** Of a clock that does not go back. */
  readonly nowMs: number;
}

/** A server without a lease is waited for so long: whoever looks after it starts it again. */
const GONE_MS = 1_500;
/** And so long where a standby has its zones: it may only have been late. */
const LATE_MS = 400;
/** A zone that no server ever had waits so long for one that has none yet. */
const FIRST_MS = 5_000;
/**
 * Zones that have handed everybody over go on handing on what reaches them, for so long: until what is kept of everybody, which is
 * five seconds old at most, names a zone that there is.
 */
const LINGER_MS = 6_000;
/** Between two changes that nobody asked for. */
const REST_MS = 20_000;
/** A gateway that has come, or is gone, for so long. */
const GATEWAY_MS = 3_000;
/** Who is sent to a gateway that is gone stays where they are: that is no hurry. */
const HOMES_REST_MS = 20_000;
/** The fullest gateway has so much more than its share, for so long, and would have less by so much. */
const UNEVEN = 1.5;
const UNEVEN_MS = 30_000;
const EVENER = 0.8;
/** Below this many in the world, each gateway may as well read all of it. */
const PLAYERS_TO_EVEN = 50;
/** A server in another region has been there for so long: one that is started again and again would have no whole copy. */
const NEAR_MS = 10_000;

/**
 * Decides which server has which zone, and when a change of zones is over. Knows how long something has been as it is,
 * and nothing else: another one in its place comes to the same a little later.
 */
export class Planner {
  readonly #sinceMs = new Map<string, number>();
  /** Those of the plan, and since when they are. */
  #homes: { readonly key: string; readonly sinceMs: number } | null = null;

  /** Null: it stays as it is. */
  next(plan: ZonePlan, standing: Standing): PlanDecision | null {
    const urgent =
      this.#placed(plan, standing) ??
      this.#over(plan, standing) ??
      emptied(plan, standing) ??
      this.#guarded(plan, standing);
    // Which gateways have whose players changes nothing about zones and servers.
    const decision = urgent ?? this.#homed(plan, standing);
    if (urgent === null && decision !== null) return decision;
    const last = decision ?? this.#better(plan, standing);
    if (last !== null) this.#sinceMs.clear();
    return last;
  }

  /** For how long that holds without a break, ms; 0 when it does not. */
  #lasts(what: string, holds: boolean, nowMs: number): number {
    if (!holds) {
      this.#sinceMs.delete(what);
      return 0;
    }
    const sinceMs = this.#sinceMs.get(what) ?? nowMs;
    this.#sinceMs.set(what, sinceMs);
    return nowMs - sinceMs;
  }

  #placed(plan: ZonePlan, standing: Standing): PlanDecision | null {
    const servers = new Map(plan.servers);
    const standbys = new Map(plan.standbys);
    const reasons: string[] = [];
    for (const zone of zonesOf(plan.arrangement)) {
      const said = this.#place(zone, plan, standing, { servers, standbys });
      if (said !== null) reasons.push(said);
    }
    if (reasons.length === 0) return null;
    return { plan: { ...plan, generation: plan.generation + 1, servers, standbys }, why: reasons.join('; ') };
  }

  /** A zone whose server is gone goes on where its second copy is; or begins where there is least to do. */
  #place(zone: number, plan: ZonePlan, standing: Standing, next: Places): string | null {
    const { alive, restarted = none, nowMs } = standing;
    const places = placeable(standing);
    const before = plan.servers.get(zone);
    const standby = plan.standbys.get(zone);
    const isGuarded = standby !== undefined && standby !== before && alive.has(standby) && !restarted.has(standby);
    const isLost = before === undefined || !alive.has(before);
    const waitedMs = this.#lasts(`orphan ${zone}`, isLost, nowMs);
    const isLate = waitedMs < LATE_MS && !(before !== undefined && restarted.has(before));
    if (isGuarded && before !== undefined && !isLate) {
      next.servers.set(zone, standby);
      next.standbys.delete(zone);
      return `zone ${zone} goes on on ${standby}, which has its second copy: ${before} is gone`;
    }
    if (!isLost || places.size === 0) return null;
    const server = leastBusy(next, places);
    const isIdle = ![...next.servers.values()].includes(server);
    const patienceMs = before !== undefined ? GONE_MS : isIdle ? 0 : FIRST_MS;
    if (waitedMs < patienceMs) return null;
    next.servers.set(zone, server);
    return before === undefined
      ? `zone ${zone} begins on ${server}`
      : `zone ${zone} goes to ${server}: ${before} is gone`;
  }

  #guarded(plan: ZonePlan, standing: Standing): PlanDecision | null {
    const places = { servers: new Map(plan.servers), standbys: new Map(plan.standbys) };
    const reasons: string[] = [];
    for (const zone of zonesOf(plan.arrangement)) {
      const said = this.#guard(zone, standing, places);
      if (said !== null) reasons.push(said);
    }
    if (reasons.length === 0) return null;
    return { plan: { ...plan, generation: plan.generation + 1, ...places }, why: reasons.join('; ') };
  }

  /**
   * Another server than the zone's own has its second copy, in another region where there is one; one that is gone is waited for, as it
   * may come back.
   */
  #guard(zone: number, standing: Standing, { servers, standbys }: Places): string | null {
    const { alive, restarted = none, nowMs, draining = none, regions } = standing;
    const server = servers.get(zone);
    const before = standbys.get(zone);
    const isGone = before !== undefined && before !== server && !alive.has(before);
    const waitedMs = this.#lasts(`standby ${zone}`, isGone, nowMs);
    if (server === undefined || !alive.has(server)) return null;
    const others = new Set([...placeable(standing)].filter((each) => each !== server));
    const apart = new Set([...others].filter((each) => (regions?.get(each) ?? '') !== (regions?.get(server) ?? '')));
    const isNear = before !== undefined && apart.size > 0 && !apart.has(before) && !isGone;
    const isMissing =
      before === undefined ||
      before === server ||
      draining.has(before) ||
      (isGone && waitedMs >= GONE_MS) ||
      this.#lasts(`near ${zone}`, isNear, nowMs) >= NEAR_MS;
    // It has been told everything again by then, or soon is: from this plan on it may take over.
    if (!isMissing && !isGone && restarted.has(before))
      return `the second copy of zone ${zone} is made anew on ${before}`;
    if (!isMissing || others.size === 0) return null;
    const standby = leastBusy({ servers, standbys }, apart.size > 0 ? apart : others);
    standbys.set(zone, standby);
    return `the second copy of zone ${zone} is on ${standby}`;
  }

  #over(plan: ZonePlan, { zones: heard, nowMs }: Standing): PlanDecision | null {
    const { arrangement } = plan;
    const { generation, zones, former } = arrangement;
    const isDone =
      former !== null && zonesOf(arrangement).every((zone) => (heard.get(zone)?.settled ?? 0) >= generation);
    if (this.#lasts('settled', isDone, nowMs) < LINGER_MS || !isDone) return null;
    const remaining = new Set(zonesIn(zones));
    return {
      plan: {
        ...plan,
        generation: plan.generation + 1,
        arrangement: { ...arrangement, generation: generation + 1, former: null },
        servers: new Map([...plan.servers].filter(([zone]) => remaining.has(zone))),
        standbys: new Map([...plan.standbys].filter(([zone]) => remaining.has(zone))),
        pinned: plan.pinned.filter((zone) => remaining.has(zone)),
      },
      why: 'everybody is where they are to be',
    };
  }

  /** Which gateways are to have whose players. */
  #homed(plan: ZonePlan, { gateways = [], zones, nowMs }: Standing): PlanDecision | null {
    const rests = this.#homesRest(plan, nowMs);
    if (gateways.length === 0) {
      for (const what of ['gateways', 'uneven']) this.#lasts(what, false, nowMs);
      return null;
    }
    const tree = plan.arrangement.zones;
    const players = new Map([...zones].map(([zone, notice]) => [zone, notice.players]));
    const homes = homesOf(tree, players, gateways, plan.homes);
    const known = new Set([...plan.homes.values()].flat());
    const there = new Set(gateways.map(({ address }) => address));
    const isOther = [...known].some((each) => !there.has(each)) || [...there].some((each) => !known.has(each));
    const uneven = unevenness(tree, players, gateways, plan.homes);
    const all = [...players.values()].reduce((sum, count) => sum + count, 0);
    const isUneven =
      all >= PLAYERS_TO_EVEN && uneven > UNEVEN && unevenness(tree, players, gateways, homes) < uneven * EVENER;
    const lacks = zonesIn(tree).find((zone) => !plan.homes.has(zone));
    const otherMs = this.#lasts('gateways', isOther, nowMs);
    const unevenMs = this.#lasts('uneven', isUneven, nowMs);
    const why =
      (isOther && otherMs >= GATEWAY_MS && `there are ${there.size} gateways now`) ||
      (lacks !== undefined && known.size > 0 && `zone ${lacks} is new`) ||
      (isUneven && unevenMs >= UNEVEN_MS && `one gateway has ${uneven.toFixed(1)} times its share of players`);
    const isUrgent = lacks !== undefined && known.size > 0;
    if (why === false || (rests && !isUrgent) || isSame(homes, plan.homes)) return null;
    for (const what of ['gateways', 'uneven']) this.#lasts(what, false, nowMs);
    return {
      plan: { ...plan, generation: plan.generation + 1, homes },
      why: `players have other gateways: ${why}`,
    };
  }

  /** Another backend may hear other gateways: they do not undo what the other has done in turn, all the time. */
  #homesRest({ homes }: ZonePlan, nowMs: number): boolean {
    const key = JSON.stringify([...homes]);
    if (key !== this.#homes?.key) this.#homes = { key, sinceMs: nowMs };
    return homes.size > 0 && nowMs - this.#homes.sinceMs < HOMES_REST_MS;
  }

  /** What would spread the work better, once that has been so for long enough. */
  #better(plan: ZonePlan, standing: Standing): PlanDecision | null {
    const { nowMs } = standing;
    const loads = { ...standing, alive: placeable(standing) };
    const advised = plan.arrangement.former === null ? advice(plan, loads) : null;
    const rested = this.#lasts(`rest ${plan.arrangement.generation}`, true, nowMs) >= REST_MS;
    const { change } = advised ?? {};
    for (const kind of ['split', 'move', 'merge']) if (kind !== change?.change) this.#lasts(kind, false, nowMs);
    if (advised === null || this.#lasts(advised.change.change, true, nowMs) < advised.afterMs || !rested) return null;
    const { plan: next, why } = planOf(advised.change, plan);
    return { plan: next, why: `${why}: ${advised.why}` };
  }
}

const none: ReadonlySet<string> = new Set();

function isSame(a: ZonePlan['homes'], b: ZonePlan['homes']): boolean {
  return a.size === b.size && [...a].every(([zone, addresses]) => b.get(zone)?.join() === addresses.join());
}

interface Places {
  readonly servers: Map<number, string>;
  readonly standbys: Map<number, string>;
}

/** What having a zone is reckoned to be, in second copies. */
const ZONE = 3;

/** The first by name of those with the fewest zones and second copies of zones. */
function leastBusy({ servers, standbys }: Places, among: ReadonlySet<string>): string {
  const load = new Map([...among].toSorted().map((server) => [server, 0]));
  const add = (server: string, more: number): void => {
    if (load.has(server)) load.set(server, (load.get(server) as number) + more);
  };
  for (const server of servers.values()) add(server, ZONE);
  for (const server of standbys.values()) add(server, 1);
  return leastOf(load)[0];
}
