import { inPlaceOf, type OwnedNotice, type ZonePlan, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import { leastOf } from './balance.ts';
import { placeable, type Servers } from './placeable.ts';
import type { PlanDecision } from './plan-decision.ts';

/** Who stands in zones that move is handed over in one tick: so many players, or one zone of whatever many. */
const PLAYERS_AT_ONCE = 300;

/** What zones have said of themselves lately, by number, and the servers that there are. */
export interface Drained extends Servers {
  readonly zones: ReadonlyMap<number, OwnedNotice>;
}

/** Zones of drained servers move to others, several in one change. Null: there are none, or nobody may have them. */
export function emptied(plan: ZonePlan, { zones: heard, ...servers }: Drained): PlanDecision | null {
  const { arrangement, pinned } = plan;
  const there = zonesIn(arrangement.zones).filter((zone) => servers.draining?.has(plan.servers.get(zone) ?? ''));
  const others = placeable(servers);
  if (arrangement.former !== null || there.length === 0 || others.size === 0) return null;
  const work = workOf(plan, others, heard);
  const moves = atOnce(there, heard).map((zone, index): Move => {
    const [server, permille] = leastOf(work);
    work.set(server, permille + 1 + (heard.get(zone)?.busyPermille ?? 0));
    return { zone, next: arrangement.nextZone + index, from: plan.servers.get(zone) as string, server };
  });
  const isPinned = ({ zone }: Move): boolean => pinned.includes(zone);
  const place = (tree: ZoneTree, { zone, next }: Move): ZoneTree => inPlaceOf(tree, zone, { zone: next });
  return {
    plan: {
      ...plan,
      generation: plan.generation + 1,
      arrangement: {
        generation: arrangement.generation + 1,
        zones: moves.reduce(place, arrangement.zones),
        former: arrangement.zones,
        nextZone: arrangement.nextZone + moves.length,
      },
      servers: new Map([...plan.servers, ...moves.map(({ next, server }) => [next, server] as const)]),
      pinned: [...pinned, ...moves.filter(isPinned).map(({ next }) => next)],
    },
    why: moves.map((move) => sentenceOf(move, isPinned(move))).join('; '),
  };
}

interface Move {
  readonly zone: number;
  /** As which it goes on. */
  readonly next: number;
  readonly from: string;
  readonly server: string;
}

function sentenceOf({ zone, next, from, server }: Move, isPinned: boolean): string {
  return `zone ${zone} moves to ${server}, as zone ${next}${isPinned ? ', pinned as it was' : ''}: ${from} is drained`;
}

/** By server: what its zones need, and a little for each of them, so that of two with nothing to do the one with fewer is next. */
function workOf(
  plan: ZonePlan,
  servers: ReadonlySet<string>,
  heard: ReadonlyMap<number, OwnedNotice>,
): Map<string, number> {
  const work = new Map([...servers].toSorted().map((server) => [server, 0]));
  for (const [zone, server] of plan.servers) {
    const before = work.get(server);
    if (before !== undefined) work.set(server, before + 1 + (heard.get(zone)?.busyPermille ?? 0));
  }
  return work;
}

/** The busiest first, as long as there are not too many players in them. */
function atOnce(zones: readonly number[], heard: ReadonlyMap<number, OwnedNotice>): readonly number[] {
  const busiest = zones.toSorted((a, b) => (heard.get(b)?.busyPermille ?? 0) - (heard.get(a)?.busyPermille ?? 0));
  let players = 0;
  return busiest.filter((zone, index) => {
    const theirs = heard.get(zone)?.players ?? 0;
    if (index > 0 && players + theirs > PLAYERS_AT_ONCE) return false;
    players += theirs;
    return true;
  });
}
