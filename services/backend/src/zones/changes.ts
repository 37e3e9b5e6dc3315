import {
  type Axis,
  areaOf,
  inPlaceOf,
  merge,
  type Span,
  siblings,
  split,
  type WorldCells,
  type ZonePlan,
  type ZoneTree,
  zonesIn,
} from '@lifeverse/contracts';
import { ConfigurationError } from '@lifeverse/node-kit';
import type { PlanDecision } from './plan-decision.ts';

/** What an operator may ask for. */
export type ZoneChange = Rearrangement | Pinning;

type Rearrangement =
  /** The cells from the cut on go to a new zone; in the middle of the longer side where no cut is named. */
  | { readonly change: 'split'; readonly zone: number; readonly cut: Cut | null; readonly server: string | null }
  /** All cells of `from` go to `into`. */
  | { readonly change: 'merge'; readonly into: number; readonly from: number }
  /** All cells go to a new zone, on that server. */
  | { readonly change: 'move'; readonly zone: number; readonly server: string };

/** Only an operator changes the zone from now on; or anybody. */
interface Pinning {
  readonly change: 'pin' | 'unpin';
  readonly zone: number;
}

export interface Cut {
  readonly axis: Axis;
  /** The first cell of the new zone. */
  readonly at: number;
}

/** The plan after a change. Throws a ConfigurationError when it cannot be made, or another is not over yet. */
export function planOf(change: ZoneChange, plan: ZonePlan): PlanDecision {
  const { arrangement } = plan;
  if (isPinning(change)) return pinned(change, plan);
  if (arrangement.former !== null)
    throw new ConfigurationError('A change of zones is under way: ask again when it is over.');
  const before = arrangement.zones;
  const { zones, why, server } = changed(change, plan);
  const servers = new Map(plan.servers);
  const isNew = change.change !== 'merge';
  if (isNew && server !== null) servers.set(arrangement.nextZone, server);
  return {
    plan: {
      ...plan,
      generation: plan.generation + 1,
      arrangement: {
        generation: arrangement.generation + 1,
        zones,
        former: before,
        nextZone: arrangement.nextZone + (isNew ? 1 : 0),
      },
      servers,
    },
    why,
  };
}

const isPinning = (change: ZoneChange): change is Pinning => change.change === 'pin' || change.change === 'unpin';

function pinned({ change, zone }: Pinning, plan: ZonePlan): PlanDecision {
  const others = plan.pinned.filter((each) => each !== zone);
  const isPin = change === 'pin';
  if (isPin) known(plan.arrangement.zones, zone);
  return {
    plan: { ...plan, generation: plan.generation + 1, pinned: isPin ? [...others, zone] : others },
    why: isPin ? `zone ${zone} is pinned` : `zone ${zone} is pinned no more`,
  };
}

interface Changed {
  readonly zones: ZoneTree;
  readonly why: string;
  readonly server: string | null;
}

function changed(change: Rearrangement, { arrangement, cells }: ZonePlan): Changed {
  const { zones: tree, nextZone: next } = arrangement;
  switch (change.change) {
    case 'split': {
      const { axis, at } = change.cut ?? middle(tree, known(tree, change.zone), cells);
      const zones = split(tree, change.zone, axis, at, next);
      if (zones === undefined)
        throw new ConfigurationError(`Zone ${change.zone} cannot be cut there: one of the two would have no cells.`);
      return { zones, server: change.server, why: `zone ${change.zone} is split at ${axis} = ${at}: ${next} is new` };
    }
    case 'merge': {
      const { into, from } = change;
      const zones = merge(tree, known(tree, into), known(tree, from));
      if (zones === undefined) throw new ConfigurationError(unmergeable(tree, into, from));
      return { zones, server: null, why: `zone ${from} becomes part of zone ${into}` };
    }
    case 'move': {
      const zones = inPlaceOf(tree, known(tree, change.zone), { zone: next });
      return { zones, server: change.server, why: `zone ${change.zone} moves to ${change.server}, as zone ${next}` };
    }
  }
}

function known(tree: ZoneTree, zone: number): number {
  const zones = zonesIn(tree);
  if (!zones.includes(zone))
    throw new ConfigurationError(`There is no zone ${zone}; there are ${zones.toSorted((a, b) => a - b).join(', ')}.`);
  return zone;
}

function unmergeable(tree: ZoneTree, into: number, from: number): string {
  const pairs = siblings(tree).map(([low, high]) => `${low} and ${high}`);
  const can = pairs.length === 0 ? 'none can' : `these can: ${pairs.join(', ')}`;
  return `Zones ${into} and ${from} were not cut from each other and cannot be made one; ${can}.`;
}

function middle(tree: ZoneTree, zone: number, { columns, rows }: WorldCells): Cut {
  const area = areaOf(tree, zone);
  const within = (span: Span | undefined, to: number): Span => ({
    from: Math.max(span?.from ?? 0, 0),
    to: Math.min(span?.to ?? to, to),
  });
  const [x, y] = [within(area?.x, columns), within(area?.y, rows)];
  const [axis, { from, to }] = x.to - x.from >= y.to - y.from ? (['x', x] as const) : (['y', y] as const);
  return { axis, at: Math.floor((from + to) / 2) };
}
