import { firstArrangement, type OwnedNotice, type ZonePlan, type ZoneTree, zonesIn } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { planOf } from './changes.ts';
import { placeable } from './placeable.ts';
import type { PlanDecision } from './plan-decision.ts';
import { Planner, type Standing } from './planner.ts';

const thirds: ZoneTree = {
  ...{ axis: 'x', at: 5, low: { zone: 1 } },
  high: { axis: 'x', at: 10, low: { zone: 2 }, high: { zone: 3 } },
};
/** Zones 1 and 2 on alpha, 3 on beta. */
const plan: ZonePlan = {
  generation: 1,
  arrangement: firstArrangement(thirds),
  servers: new Map([
    [1, 'alpha'],
    [2, 'alpha'],
    [3, 'beta'],
  ]),
  standbys: new Map([
    [1, 'beta'],
    [2, 'beta'],
    [3, 'gamma'],
    [4, 'beta'],
    [5, 'gamma'],
  ]),
  homes: new Map(),
  cells: { columns: 16, rows: 10 },
  zonesMin: 3,
  pinned: [],
};
const all = ['alpha', 'beta', 'gamma'];

const notice = (zone: number, more: Partial<OwnedNotice> = {}): OwnedNotice => ({
  ...{ zone, epoch: 1, settled: 0, busyPermille: 0, players: 0, middle: { x: 0, y: 0 } },
  ...more,
});
const heard = (...notices: readonly OwnedNotice[]) => new Map(notices.map((each) => [each.zone, each]));
const standing = (draining: readonly string[], more: Partial<Standing> = {}): Standing => ({
  ...{ nowMs: 0, alive: new Set(all), draining: new Set(draining), zones: new Map() },
  ...more,
});
/** Of a decision that was to be made. */
function planIn(decision: PlanDecision | null): ZonePlan {
  if (decision === null) throw new Error('nothing was decided');
  return decision.plan;
}
const placed = (made: ZonePlan | undefined): string =>
  [...(made?.servers ?? [])].map(([zone, server]) => `${zone} ${server}`).join(', ');

describe('[WO64] the zones of a server that is drained', () => {
  it('move to those with the least to do, all in one change, and without waiting', () => {
    const zones = heard(notice(1, { busyPermille: 90 }), notice(2, { busyPermille: 200 }), notice(3));
    const decision = new Planner().next(plan, standing(['alpha'], { zones }));
    expect(decision?.why).toBe(
      'zone 2 moves to gamma, as zone 4: alpha is drained; zone 1 moves to beta, as zone 5: alpha is drained',
    );
    const { arrangement, generation } = planIn(decision);
    expect([zonesIn(arrangement.zones), arrangement.former, arrangement.nextZone]).toEqual([[5, 4, 3], thirds, 6]);
    expect([generation, arrangement.generation]).toEqual([2, 2]);
    expect(placed(decision?.plan)).toBe('1 alpha, 2 alpha, 3 beta, 4 gamma, 5 beta');
  });

  it('move in several changes, one after the other, where more than 300 players are in them', () => {
    const planner = new Planner();
    const zones = heard(notice(1, { players: 200, busyPermille: 1 }), notice(2, { players: 101 }), notice(3));
    const one = planner.next(plan, standing(['alpha'], { zones }))?.plan as ZonePlan;
    expect([zonesIn(one.arrangement.zones), placed(one)]).toEqual([[4, 2, 3], '1 alpha, 2 alpha, 3 beta, 4 gamma']);
    const settled = heard(...[1, 2, 3, 4].map((zone) => notice(zone, { settled: 2, players: 101 })));
    expect(planner.next(one, standing(['alpha'], { zones: settled }))).toBeNull();
    const over = planner.next(one, standing(['alpha'], { zones: settled, nowMs: 6_000 }))?.plan as ZonePlan;
    expect(placed(over)).toBe('2 alpha, 3 beta, 4 gamma');
    // At once, while a change that nobody asked for would wait.
    const other = planner.next(over, standing(['alpha'], { zones: settled, nowMs: 6_500 }))?.plan;
    expect(placed(other)).toBe('2 alpha, 3 beta, 4 gamma, 5 beta');
    const crowd = heard(notice(1, { players: 900 }), notice(2, { players: 900 }));
    const first = planIn(new Planner().next(plan, standing(['alpha'], { zones: crowd })));
    expect(zonesIn(first.arrangement.zones)).toEqual([4, 2, 3]);
  });

  it('move though they are pinned, and are pinned afterwards', () => {
    const decision = new Planner().next({ ...plan, pinned: [1, 3] }, standing(['alpha']));
    expect(decision?.why).toContain('zone 1 moves to gamma, as zone 4, pinned as it was: alpha is drained');
    expect(decision?.plan.pinned).toEqual([1, 3, 4]);
  });

  it('wait for a change that is under way, and stay where nobody may have them', () => {
    const { plan: moving } = planOf({ change: 'move', zone: 3, server: 'gamma' }, plan);
    expect(new Planner().next(moving, standing(['alpha']))).toBeNull();
    expect(new Planner().next(plan, standing(all))).toBeNull();
    expect(new Planner().next(plan, standing(['alpha'], { alive: new Set(['alpha']) }))).toBeNull();
  });

  it('are those of all servers that are drained at the same time', () => {
    const decision = new Planner().next(plan, standing(['alpha', 'beta']));
    expect(placed(decision?.plan)).toBe('1 alpha, 2 alpha, 3 beta, 4 gamma, 5 gamma, 6 gamma');
  });
});

describe('[WO64] a server that is drained', () => {
  it('has no second copy of a zone', () => {
    const { why, plan: next } = new Planner().next(plan, standing(['gamma'])) as PlanDecision;
    expect([why, next.standbys.get(3)]).toEqual(['the second copy of zone 3 is on alpha', 'alpha']);
  });

  it('is one that nothing may be given to', () => {
    const alive = new Set(all);
    expect([...placeable({ alive, draining: new Set(['beta', 'gone']) })]).toEqual(['alpha', 'gamma']);
    expect([...placeable({ alive })]).toEqual(all);
  });

  it('gets no zone that never had a server, and none of one that is gone', () => {
    const planner = new Planner();
    const first = { ...plan, servers: new Map() };
    expect(placed(planner.next(first, standing(['alpha', 'gamma']))?.plan)).toBe('1 beta');
    expect(planner.next(first, standing(all))).toBeNull();
    const servers = new Map([[1, 'gone'] as const, [2, 'beta'] as const, [3, 'beta'] as const]);
    const left = { ...plan, servers, standbys: new Map() };
    expect(planner.next(left, standing(['alpha', 'gamma']))).toBeNull();
    const decision = planner.next(left, standing(['alpha', 'gamma'], { nowMs: 1_500 }));
    expect(decision?.why).toBe('zone 1 goes to beta: gone is gone');
  });

  it('gets no zone that is split off or would be better elsewhere', () => {
    const on = (server: string) => new Map([1, 2, 3].map((zone) => [zone, server] as const));
    const even = { ...plan, servers: on('beta'), standbys: on('gamma') };
    const planner = new Planner();
    const busy = heard(...[1, 2, 3].map((zone) => notice(zone, { busyPermille: 300, players: 5 })));
    const now = (nowMs: number, draining: readonly string[]) => standing(draining, { zones: busy, nowMs });
    expect(planner.next(even, now(0, ['alpha', 'gamma']))).toBeNull();
    expect(planner.next(even, now(60_000, ['alpha', 'gamma']))).toBeNull();
    expect(planner.next(even, now(60_001, ['alpha']))).toBeNull();
    expect(placed(planner.next(even, now(70_001, ['alpha']))?.plan)).toContain('4 gamma');
  });
});
