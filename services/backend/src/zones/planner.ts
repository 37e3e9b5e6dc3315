import { type ZonePlan, zonesIn, zonesOf } from '@lifeverse/contracts';
import { advice, type Loads, leastOf } from './balance.ts';
import { planOf } from './changes.ts';
import { emptied } from './drains.ts';
import { placeable, type Servers } from './placeable.ts';
import type { PlanDecision } from './plan-decision.ts';

/** How things stand: what zones have said of themselves lately, and which servers have a lease. */
export interface Standing extends Loads, Servers {
  /** Of a clock that does not go back. */
  readonly nowMs: number;
}

/** A server without a lease is waited for so long: whoever looks after it starts it again. */
const GONE_MS = 1_500;
/** A zone that no server ever had waits so long for one that has none yet. */
const FIRST_MS = 5_000;
/**
 * Zones that have handed everybody over go on handing on what reaches them, for so long: until what is kept of everybody, which is
 * five seconds old at most, names a zone that there is.
 */
const LINGER_MS = 6_000;
/** Between two changes that nobody asked for. */
const REST_MS = 20_000;

/**
 * Decides which server has which zone, and when a change of zones is over. Knows how long something has been as it is,
 * and nothing else: another one in its place comes to the same a little later.
 */
export class Planner {
  readonly #sinceMs = new Map<string, number>();

  /** Null: it stays as it is. */
  next(plan: ZonePlan, standing: Standing): PlanDecision | null {
    const decision =
      this.#placed(plan, standing) ??
      this.#over(plan, standing) ??
      emptied(plan, standing) ??
      this.#better(plan, standing);
    if (decision !== null) this.#sinceMs.clear();
    return decision;
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
    const { alive, nowMs } = standing;
    const places = placeable(standing);
    const servers = new Map(plan.servers);
    const reasons: string[] = [];
    for (const zone of zonesOf(plan.arrangement)) {
      const before = plan.servers.get(zone);
      const isOrphan = before === undefined || !alive.has(before);
      const waitedMs = this.#lasts(`orphan ${zone}`, isOrphan, nowMs);
      if (!isOrphan || places.size === 0) continue;
      const server = leastBusy(servers, places);
      const isIdle = ![...servers.values()].includes(server);
      const patienceMs = before !== undefined ? GONE_MS : isIdle ? 0 : FIRST_MS;
      if (waitedMs < patienceMs) continue;
      servers.set(zone, server);
      reasons.push(
        before === undefined ? `zone ${zone} begins on ${server}` : `zone ${zone} goes to ${server}: ${before} is gone`,
      );
    }
    if (reasons.length === 0) return null;
    return { plan: { ...plan, generation: plan.generation + 1, servers }, why: reasons.join('; ') };
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
        pinned: plan.pinned.filter((zone) => remaining.has(zone)),
      },
      why: 'everybody is where they are to be',
    };
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

/** The first by name of those with the fewest zones. */
function leastBusy(servers: ReadonlyMap<number, string>, places: ReadonlySet<string>): string {
  const load = new Map([...places].toSorted().map((server) => [server, 0]));
  for (const server of servers.values()) if (load.has(server)) load.set(server, (load.get(server) as number) + 1);
  return leastOf(load)[0];
}
