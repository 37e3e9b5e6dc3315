import {
  evenZones,
  firstArrangement,
  type OwnedNotice,
  type ZonePlan,
  type ZoneTree,
  zonesIn,
} from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { advice } from './balance.ts';
import { planOf } from './changes.ts';
import { Planner, type Standing } from './planner.ts';

const halves: ZoneTree = { axis: 'x', at: 8, low: { zone: 1 }, high: { zone: 2 } };
const cells = { columns: 16, rows: 10 };
const first: ZonePlan = {
  generation: 1,
  arrangement: firstArrangement(halves),
  servers: new Map(),
  standbys: new Map(),
  homes: new Map(),
  cells,
  zonesMin: 2,
  pinned: [],
};

const notice = (zone: number, more: Partial<OwnedNotice>): OwnedNotice => ({
  ...{ zone, epoch: 1, settled: 0, busyPermille: 0, players: 0, middle: { x: 0, y: 0 } },
  ...more,
});
const standing = (nowMs: number, alive: readonly string[], settled: readonly (readonly [number, number])[] = []) =>
  ({
    nowMs,
    alive: new Set(alive),
    zones: new Map(settled.map(([zone, generation]) => [zone, notice(zone, { settled: generation })])),
  }) satisfies Standing;
const placed = (plan: ZonePlan | undefined): string =>
  [...(plan?.servers ?? [])].map(([zone, server]) => `${zone} ${server}`).join(', ');

describe('[WO62] zones that no server has', () => {
  it('begin one on each server as it comes, and on any after five seconds', () => {
    const planner = new Planner();
    expect(planner.next(first, standing(0, []))).toBeNull();
    const one = planner.next(first, standing(1_000, ['beta']));
    expect([placed(one?.plan), one?.plan.generation, one?.why]).toEqual(['1 beta', 2, 'zone 1 begins on beta']);
    const plan = one?.plan as ZonePlan;
    expect(planner.next(plan, standing(2_000, ['beta']))).toBeNull();
    expect(placed(planner.next(plan, standing(2_500, ['alpha', 'beta']))?.plan)).toBe('1 beta, 2 alpha');
    const alone = new Planner();
    expect(alone.next(plan, standing(0, ['beta']))).toBeNull();
    expect(alone.next(plan, standing(4_999, ['beta']))).toBeNull();
    expect(placed(alone.next(plan, standing(5_000, ['beta']))?.plan)).toBe('1 beta, 2 beta');
  });

  it('go to the server with the fewest when theirs is gone, and not when it comes back', () => {
    const plan = {
      ...first,
      servers: new Map([
        [1, 'alpha'],
        [2, 'beta'],
      ]),
      standbys: new Map([
        [1, 'delta'],
        [2, 'gamma'],
      ]),
    };
    const planner = new Planner();
    expect(planner.next(plan, standing(0, ['beta', 'gamma']))).toBeNull();
    expect(planner.next(plan, standing(1_000, ['alpha', 'beta', 'gamma', 'delta']))).toBeNull();
    expect(planner.next(plan, standing(2_000, ['beta', 'gamma']))).toBeNull();
    const decision = planner.next(plan, standing(3_500, ['beta', 'gamma']));
    expect([placed(decision?.plan), decision?.why]).toEqual(['1 gamma, 2 beta', 'zone 1 goes to gamma: alpha is gone']);
    expect(decision?.plan.arrangement).toEqual(plan.arrangement);
  });
});

describe('[WO74] the second copy of a zone', () => {
  const servers = new Map([
    [1, 'alpha'],
    [2, 'beta'],
  ]);
  const standbys = (plan: ZonePlan | undefined): string =>
    [...(plan?.standbys ?? [])].map(([zone, server]) => `${zone} ${server}`).join(', ');
  const guarded: ZonePlan = {
    ...first,
    servers,
    standbys: new Map([
      [1, 'gamma'],
      [2, 'alpha'],
    ]),
  };
  const all = ['alpha', 'beta', 'gamma'];

  it('is on another server than the zone, the one with the least to do, as soon as there is one', () => {
    const planner = new Planner();
    const alone = { ...first, servers: new Map([[1, 'alpha']]), arrangement: firstArrangement({ zone: 1 }) };
    expect(planner.next(alone, standing(0, ['alpha']))).toBeNull();
    expect(standbys(planner.next(alone, standing(1, ['alpha', 'beta']))?.plan)).toBe('1 beta');
    const decision = planner.next({ ...first, servers }, standing(2, all));
    expect([standbys(decision?.plan), decision?.why]).toEqual([
      '1 gamma, 2 gamma',
      'the second copy of zone 1 is on gamma; the second copy of zone 2 is on gamma',
    ]);
    expect(planner.next(guarded, standing(3, all))).toBeNull();
  });

  it('is made elsewhere when its server has been gone for a while, and not when that comes back', () => {
    const planner = new Planner();
    expect(planner.next(guarded, standing(0, ['alpha', 'beta']))).toBeNull();
    expect(planner.next(guarded, standing(1_000, all))).toBeNull();
    expect(planner.next(guarded, standing(2_000, ['alpha', 'beta']))).toBeNull();
    expect(planner.next(guarded, standing(3_499, ['alpha', 'beta']))).toBeNull();
    expect(standbys(planner.next(guarded, standing(3_500, ['alpha', 'beta']))?.plan)).toBe('1 beta, 2 alpha');
  });

  it('takes over when the server is gone, and at once when it was started again, which has nothing of the zone', () => {
    for (const [alive, restarted] of [
      [['beta', 'gamma'], []],
      [all, ['alpha']],
    ]) {
      const planner = new Planner();
      const now = (nowMs: number) => ({ ...standing(nowMs, alive as string[]), restarted: new Set(restarted) });
      // A server may only have been late.
      if (restarted.length === 0)
        expect([planner.next(guarded, now(0)), planner.next(guarded, now(399))]).toEqual([null, null]);
      const decision = planner.next(guarded, now(400));
      expect([placed(decision?.plan), standbys(decision?.plan)]).toEqual(['1 gamma, 2 beta', '2 alpha']);
      expect(decision?.why).toBe('zone 1 goes on on gamma, which has its second copy: alpha is gone');
    }
  });

  it('is of no use when its own server was started again, too, until it is made anew', () => {
    const planner = new Planner();
    const restarted = new Set(['alpha', 'gamma']);
    const anew = planner.next(guarded, { ...standing(0, all), restarted });
    expect([anew?.why, anew?.plan.servers, anew?.plan.standbys]).toEqual([
      'the second copy of zone 1 is made anew on gamma; the second copy of zone 2 is made anew on alpha',
      guarded.servers,
      guarded.standbys,
    ]);
    const lone = { ...guarded, standbys: new Map([[1, 'gamma']]), arrangement: firstArrangement({ zone: 1 }) };
    expect(planner.next(lone, { ...standing(1, ['beta', 'gamma']), restarted })).toBeNull();
    const decision = planner.next(lone, { ...standing(1_501, ['beta', 'gamma']), restarted });
    expect(decision?.why).toBe('zone 1 goes to gamma: alpha is gone');
  });
});

describe('[WO62] a change of zones', () => {
  const plan = {
    ...first,
    servers: new Map([
      [1, 'alpha'],
      [2, 'beta'],
    ]),
    standbys: new Map([
      [1, 'beta'],
      [2, 'alpha'],
    ]),
  };
  const alive = ['alpha', 'beta'];

  it('is over six seconds after the last of its zones has nothing left to do', () => {
    const { plan: merging } = planOf({ change: 'merge', into: 2, from: 1 }, plan);
    const planner = new Planner();
    expect(
      planner.next(
        merging,
        standing(0, alive, [
          [1, 1],
          [2, 2],
        ]),
      ),
    ).toBeNull();
    expect(
      planner.next(
        merging,
        standing(1_000, alive, [
          [1, 2],
          [2, 2],
        ]),
      ),
    ).toBeNull();
    expect(
      planner.next(
        merging,
        standing(6_999, alive, [
          [1, 2],
          [2, 2],
        ]),
      ),
    ).toBeNull();
    const over = planner.next(
      merging,
      standing(7_000, alive, [
        [1, 2],
        [2, 2],
      ]),
    )?.plan as ZonePlan;
    expect(over.arrangement).toEqual({ generation: 3, zones: { zone: 2 }, former: null, nextZone: 3 });
    expect([placed(over), over.arrangement.nextZone, over.generation]).toEqual(['2 beta', 3, 3]);
    expect(planner.next(over, standing(12_000, alive, [[2, 3]]))).toBeNull();
  });

  it('splits in the middle of the longer side, or where one says, and the new zone goes where one says', () => {
    const split = planOf({ change: 'split', zone: 2, cut: null, server: 'alpha' }, plan).plan;
    expect(split.arrangement.zones).toMatchObject({ high: { axis: 'y', at: 5, low: { zone: 2 }, high: { zone: 3 } } });
    expect([placed(split), split.arrangement.nextZone, split.arrangement.former]).toEqual([
      '1 alpha, 2 beta, 3 alpha',
      4,
      halves,
    ]);
    const cut = planOf({ change: 'split', zone: 1, cut: { axis: 'x', at: 2 }, server: null }, plan).plan;
    expect([zonesIn(cut.arrangement.zones), placed(cut)]).toEqual([[1, 3, 2], '1 alpha, 2 beta']);
  });

  it('moves a zone as a new one', () => {
    const moved = planOf({ change: 'move', zone: 1, server: 'beta' }, plan).plan;
    expect([zonesIn(moved.arrangement.zones), placed(moved)]).toEqual([[3, 2], '1 alpha, 2 beta, 3 beta']);
  });

  it.each([
    [{ change: 'move', zone: 9, server: 'beta' }, 'There is no zone 9; there are 1, 2.'],
    [{ change: 'merge', into: 1, from: 1 }, 'Zones 1 and 1 were not cut from each other'],
    [{ change: 'split', zone: 1, cut: { axis: 'x', at: 8 }, server: null }, 'Zone 1 cannot be cut there'],
  ] as const)('%j is refused by a sentence', (change, sentence) => {
    expect(() => planOf(change, plan)).toThrow(sentence);
  });

  it('waits for the one before it', () => {
    const { plan: merging } = planOf({ change: 'merge', into: 2, from: 1 }, plan);
    expect(() => planOf({ change: 'move', zone: 2, server: 'alpha' }, merging)).toThrow('is under way');
  });
});

describe('[WO63] zones that nobody changes', () => {
  const plan: ZonePlan = {
    ...first,
    servers: new Map([
      [1, 'alpha'],
      [2, 'beta'],
    ]),
    standbys: new Map([
      [1, 'beta'],
      [2, 'alpha'],
    ]),
  };
  const alive = new Set(['alpha', 'beta']);
  const loads = (one: Partial<OwnedNotice>, other: Partial<OwnedNotice>) =>
    new Map([
      [1, notice(1, one)],
      [2, notice(2, other)],
    ]);

  it('are split where half of the players are, on the server with the least to do, once one is busy for ten seconds', () => {
    const planner = new Planner();
    const zones = loads({ busyPermille: 700, players: 90, middle: { x: 5, y: 3 } }, { busyPermille: 50 });
    const calm = loads({ busyPermille: 500, players: 90 }, {});
    expect(planner.next(plan, { nowMs: 0, alive, zones: calm })).toBeNull();
    expect(planner.next(plan, { nowMs: 30_000, alive, zones })).toBeNull();
    expect(planner.next(plan, { nowMs: 35_000, alive, zones: calm })).toBeNull();
    expect(planner.next(plan, { nowMs: 36_000, alive, zones })).toBeNull();
    expect(planner.next(plan, { nowMs: 45_999, alive, zones })).toBeNull();
    const decision = planner.next(plan, { nowMs: 46_000, alive, zones });
    // The zone is higher than it is wide.
    expect(decision?.plan.arrangement.zones).toMatchObject({
      low: { axis: 'y', at: 3, low: { zone: 1 }, high: { zone: 3 } },
    });
    expect([placed(decision?.plan), decision?.why]).toEqual([
      '1 alpha, 2 beta, 3 beta',
      'zone 1 is split at y = 3: 3 is new: zone 1 needs 70 % of a core for its 90 players',
    ]);
  });

  it('stay as they are where that would help nobody, or they are pinned, or little is known', () => {
    const busy = loads({ busyPermille: 700, players: 90, middle: { x: 5, y: 3 } }, { busyPermille: 690, players: 90 });
    expect(advice(plan, { zones: busy, alive })).toBeNull();
    const one = loads({ busyPermille: 900, players: 90, middle: { x: 5, y: 3 } }, {});
    expect(advice({ ...plan, pinned: [1] }, { zones: one, alive })).toBeNull();
    expect(advice(plan, { zones: new Map([[1, notice(1, { busyPermille: 900, players: 90 })]]), alive })).toBeNull();
    expect(advice(plan, { zones: one, alive: new Set(['alpha']) })).toBeNull();
    const few = loads({ busyPermille: 700, players: 19, middle: { x: 5, y: 3 } }, {});
    expect(advice(plan, { zones: few, alive })).toBeNull();
  });

  it('move from a full server to one with room, when that evens them out', () => {
    const full = {
      ...plan,
      servers: new Map([
        [1, 'alpha'],
        [2, 'alpha'],
      ]),
    };
    const zones = loads({ busyPermille: 500 }, { busyPermille: 300 });
    expect(advice(full, { zones, alive })?.change).toEqual({ change: 'move', zone: 1, server: 'beta' });
    expect(advice(full, { zones: loads({ busyPermille: 800 }, {}), alive })).toBeNull();
    expect(advice(full, { zones: loads({ busyPermille: 400 }, { busyPermille: 300 }), alive })).toBeNull();
  });

  it('become one again when they are quiet for a minute, and never fewer than there were at first', () => {
    const quiet = loads({ busyPermille: 60 }, { busyPermille: 20 });
    expect(advice(plan, { zones: quiet, alive })).toBeNull();
    const once = { ...plan, zonesMin: 1 };
    const planner = new Planner();
    expect(planner.next(once, { nowMs: 0, alive, zones: quiet })).toBeNull();
    expect(planner.next(once, { nowMs: 59_999, alive, zones: quiet })).toBeNull();
    const decision = planner.next(once, { nowMs: 60_000, alive, zones: quiet });
    expect([decision?.plan.arrangement.zones, decision?.why]).toEqual([
      { zone: 1 },
      'zone 2 becomes part of zone 1: zones 1 and 2 need 8 % of a core together',
    ]);
  });
});

describe('[WO78] the second copy of a zone in another region', () => {
  const regions = new Map([
    ['alpha', 'west'],
    ['beta', 'west'],
    ['gamma', 'east'],
  ]);
  const servers = new Map([
    [1, 'alpha'],
    [2, 'gamma'],
  ]);
  const at = (nowMs: number, ...alive: string[]): Standing => ({ ...standing(nowMs, alive), regions });
  const standbys = (plan: ZonePlan | undefined): string =>
    [...(plan?.standbys ?? [])].map(([zone, server]) => `${zone} ${server}`).join(', ');

  it('is had by a server there, however much that has to do', () => {
    const decision = new Planner().next({ ...first, servers }, at(0, 'alpha', 'beta', 'gamma'));
    expect(standbys(decision?.plan)).toBe('1 gamma, 2 beta');
  });

  it('goes there once there has been one for ten seconds, and is had in the same region until then', () => {
    const planner = new Planner();
    const lone = { ...first, servers: new Map([[1, 'alpha']]), arrangement: firstArrangement({ zone: 1 }) };
    const near = planner.next(lone, at(0, 'alpha', 'beta'));
    expect(standbys(near?.plan)).toBe('1 beta');
    expect(planner.next(near?.plan as ZonePlan, at(1_000, 'alpha', 'beta'))).toBeNull();
    expect(planner.next(near?.plan as ZonePlan, at(2_000, 'alpha', 'beta', 'gamma'))).toBeNull();
    expect(planner.next(near?.plan as ZonePlan, at(11_000, 'alpha', 'beta'))).toBeNull();
    expect(planner.next(near?.plan as ZonePlan, at(12_000, 'alpha', 'beta', 'gamma'))).toBeNull();
    expect(standbys(planner.next(near?.plan as ZonePlan, at(22_000, 'alpha', 'beta', 'gamma'))?.plan)).toBe('1 gamma');
  });
});

describe('[WO77] the gateways of zones', () => {
  const gateways = (...names: string[]) => names.map((name) => ({ address: `https://${name}.example`, region: '' }));
  const parts = (plan: ZonePlan | undefined): string =>
    [...(plan?.homes ?? [])].map(([zone, homes]) => `${zone} ${homes.map((each) => each[8]).join('')}`).join(', ');
  const crowd = (one: number, two: number) =>
    new Map([
      [1, notice(1, { players: one })],
      [2, notice(2, { players: two })],
    ]);
  const at = (nowMs: number, names: readonly string[], zones = crowd(100, 100)): Standing => ({
    ...{ nowMs, alive: new Set<string>(), zones, gateways: gateways(...names) },
  });

  it('are named once they have been there for three seconds, and others when one is gone for so long', () => {
    const planner = new Planner();
    expect(planner.next(first, at(0, ['a', 'b']))).toBeNull();
    expect(planner.next(first, at(2_999, ['a', 'b']))).toBeNull();
    const named = planner.next(first, at(3_000, ['a', 'b']));
    expect([parts(named?.plan), named?.why]).toEqual([
      '1 a, 2 b',
      'players have other gateways: there are 2 gateways now',
    ]);
    const plan = named?.plan as ZonePlan;
    expect(planner.next(plan, at(4_000, ['a']))).toBeNull();
    expect(planner.next(plan, at(5_000, ['a', 'b']))).toBeNull();
    expect(planner.next(plan, at(6_000, ['a']))).toBeNull();
    // Not sooner than twenty seconds behind the one before.
    expect(planner.next(plan, at(23_999, ['a']))).toBeNull();
    expect(parts(planner.next(plan, at(24_000, ['a']))?.plan)).toBe('1 a, 2 a');
  });

  it('are not missed while none is heard, and not when some are heard a moment sooner than the others', () => {
    const planner = new Planner();
    const plan = {
      ...first,
      homes: new Map([
        [1, ['https://a.example']],
        [2, ['https://b.example']],
      ]),
    };
    for (const [nowMs, ...names] of [
      [0, 'a', 'b'],
      [30_000, 'b'],
      [30_500],
      [34_000, 'a'],
      [35_000, 'a', 'b'],
    ] as const)
      expect(planner.next(plan, at(nowMs, names))).toBeNull();
  });

  it('are named at once for zones that are new', () => {
    const homes = new Map([[1, ['https://a.example']]]);
    expect(parts(new Planner().next({ ...first, homes }, at(0, ['a']))?.plan)).toBe('1 a, 2 a');
  });

  it('are others when one has had far more than its share for half a minute, and would have less', () => {
    const four = evenZones(4, 16, 10);
    const [one, two, three, last] = zonesIn(four) as [number, number, number, number];
    const plan = {
      ...first,
      arrangement: firstArrangement(four),
      homes: new Map([
        [one, ['https://a.example']],
        [two, ['https://b.example']],
        [three, ['https://b.example']],
        [last, ['https://b.example']],
      ]),
    };
    const even = new Map([one, two, three, last].map((zone) => [zone, notice(zone, { players: 400 })]));
    const fuller = new Map([...even, [two, notice(two, { players: 900 })]]);
    const planner = new Planner();
    expect(planner.next(plan, at(0, ['a', 'b'], even))).toBeNull();
    expect(planner.next(plan, at(60_000, ['a', 'b'], even))).toBeNull();
    expect(planner.next(plan, at(61_000, ['a', 'b'], fuller))).toBeNull();
    expect(planner.next(plan, at(90_999, ['a', 'b'], fuller))).toBeNull();
    const decision = planner.next(plan, at(91_000, ['a', 'b'], fuller));
    expect(decision?.plan.homes.get(two)).toEqual(['https://a.example']);
    expect(decision?.why).toBe('players have other gateways: one gateway has 1.6 times its share of players');
  });
});
