import { Random } from '@lifeverse/base';
import type { ZoneTree } from '@lifeverse/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TwoGateways, type Walker } from './test-two-gateways.ts';

/** In the world, and nothing more is to be told of who is there. */
function inWorld(two: TwoGateways): Walker[] {
  const walkers = [two.join('ann', 0), two.join('bob', 0), two.join('cleo', 1)];
  two.run(10);
  for (const { told } of walkers) told.length = 0;
  return walkers;
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('[GW31] a player who moves to another gateway', () => {
  it('walks on: nobody sees a halt, nothing is told twice or asked for, and the first connection ends by its code', () => {
    const two = new TwoGateways(1);
    const [ann, bob, cleo] = inWorld(two) as [Walker, Walker, Walker];
    const { id } = ann;
    ann.walk(0);
    two.run(5);
    const at = two.truth(id) as { x: number; y: number };
    ann.moveTo(1);
    for (let ticks = 1; ticks <= 20; ticks++) {
      expect(ann.count()).toBe(true);
      two.run();
      expect(two.truth(id)).toEqual({ x: at.x + ticks * 300, y: at.y });
      for (const walker of [ann, bob, cleo]) expect(two.farthestOff(walker)).toBeLessThan(50);
    }
    expect([ann.moves, ann.id, ann.closedWith]).toEqual([1, id, null]);
    expect(ann.core.avatar?.corrections).toBe(0);
    two.run(2);
    expect(two.counted.get('ann')).toEqual(upTo(20));
    expect([...ann.told, ...bob.told, ...cleo.told]).toEqual([]);
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(two.gateways.map(({ counters, refusals }) => [counters.moves, refusals])).toEqual([
      [0, { session_moved: 1 }],
      [1, {}],
    ]);
    expect(two.gateways.map(({ players }) => players)).toEqual([1, 2]);
  });

  it('to one that reads nothing yet sees everybody on, and follows all streams there', () => {
    const two = new TwoGateways(1);
    const walkers = ['ann', 'bob', 'cleo'].map((name) => two.join(name, 0));
    two.run(10);
    const [ann, bob] = walkers as [Walker, Walker];
    bob.walk(1);
    two.run(2);
    ann.told.length = 0;
    ann.moveTo(1);
    two.run(20);
    expect([ann.moves, ann.told, ann.core.counters.rekeys]).toEqual([1, [], 0]);
    expect(two.farthestOff(ann)).toBeLessThan(50);
  });

  it('[PR15] to one that runs another version of the step comes in anew, and can act at once', () => {
    const two = new TwoGateways(1, { zone: 1 }, 'another');
    const [ann] = inWorld(two) as [Walker];
    for (let ticks = 0; ticks < 5; ticks++) {
      ann.count();
      two.run();
    }
    two.run(2);
    ann.moveTo(1);
    two.run(5);
    expect([ann.moves, ann.told.includes('joined'), ann.core.session?.predicts]).toEqual([0, true, false]);
    for (let ticks = 0; ticks < 5; ticks++) {
      expect(ann.count()).toBe(true);
      two.run();
    }
    two.run(2);
    expect(two.counted.get('ann')).toEqual(upTo(10));
    expect([ann.closedWith, two.gateways[1]?.refusals]).toEqual([null, {}]);
  });

  it('whose second connection breaks before it has shown itself goes on by the first, when that is still there', () => {
    const two = new TwoGateways(1);
    const [ann] = inWorld(two) as [Walker];
    ann.walk(0);
    ann.moveTo(1);
    ann.breakNext();
    two.run(10);
    expect([ann.closedWith, ann.told, ann.count()]).toEqual([null, [], true]);
    ann.moveTo(1);
    two.run(5);
    expect([ann.moves, ann.told]).toEqual([1, []]);
  });

  it('is let in by nobody who hands players over, and by none when they have come from another place since', () => {
    const two = new TwoGateways(1);
    const [ann] = inWorld(two) as [Walker];
    two.gateways[1]?.leave(10_000, () => [], two.nowMs);
    ann.moveTo(1);
    two.run(5);
    expect(two.gateways[1]?.refusals).toEqual({ server_stopping: 1 });
    two.gateways[1]?.stay();
    ann.breakNext();
    // The same from another place, a moment before.
    const elsewhere = two.join('ann', 0);
    two.run(2);
    ann.moveTo(1);
    two.run(5);
    expect([ann.closedWith, ann.moves]).toEqual(['session_replaced', 0]);
    expect([elsewhere.closedWith, two.gateways[1]?.refusals]).toEqual([
      null,
      { server_stopping: 1, session_replaced: 1 },
    ]);
  });
});

const SEEDS = 10;
const apart: ZoneTree = { axis: 'x', at: 3, low: { zone: 1 }, high: { zone: 2 } };

/** Players who count in every tick, turn now and then, and go from gateway to gateway. */
function goingAbout(seed: number, ways: TwoGateways['ways'], tree?: ZoneTree): TwoGateways {
  const random = new Random(seed);
  const two = new TwoGateways(seed, tree);
  const walkers = inWorld(two);
  two.ways = ways;
  for (let tick = 0; tick < 100; tick++) {
    for (const walker of walkers) {
      if (!walker.isMoving && random.below(25) === 0) walker.moveTo(random.below(2));
      if (random.below(10) === 0) walker.walk(random.between(0, 2 * Math.PI));
      walker.count();
    }
    two.run();
  }
  two.ways = 'calm';
  for (let tick = 0; tick < 60; tick++) {
    if (tick === 20) for (const walker of walkers) walker.walk(0, 'stand');
    two.run();
  }
  return two;
}

describe('[GW31] however late, lost or doubled what is said on the way', () => {
  it.each<[string, TwoGateways['ways'], ZoneTree | undefined]>([
    ['late, in one zone', 'late', undefined],
    ['late, over a border', 'late', apart],
    ['lost, in one zone', 'lossy', undefined],
    ['lost, over a border', 'lossy', apart],
  ])('no input of who moves is lost or done twice, and all see the same: %s', (_what, ways, tree) => {
    const first = fc.readConfigureGlobal().seed ?? 1;
    let moves = 0;
    for (let seed = first; seed < first + SEEDS; seed++) {
      const two = goingAbout(seed, ways, tree);
      for (const walker of two.walkers) {
        const what = `${walker.name}, seed ${seed}`;
        expect(walker.closedWith, what).toBeNull();
        // What is lost on the bus makes others blink, whether one moves or not.
        const blinks = ways === 'lossy' ? /^(left|entered) / : /^$/;
        expect(
          walker.told.filter((one) => !blinks.test(one)),
          what,
        ).toEqual([]);
        expect(two.counted.get(walker.name), what).toEqual(upTo(walker.counted));
        expect([...walker.core.entities.keys()].sort(), what).toEqual(two.walkers.map(({ id }) => id).sort());
        expect(two.farthestOff(walker), what).toBeLessThan(50);
        const shown = { x: 0, y: 0, vx: 0, vy: 0 };
        walker.core.showSelf(two.nowMs, shown);
        expect({ x: Math.round(shown.x), y: Math.round(shown.y) }, what).toEqual(two.truth(walker.id));
        moves += walker.moves;
      }
    }
    expect(moves).toBeGreaterThan(SEEDS * 3);
  });
});
