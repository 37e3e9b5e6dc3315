import type { Random } from '@lifeverse/base';
import { BundleWriter, type ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { type Guest, TestHall } from './test-hall.ts';

/** Cells are 32 m wide; the border lies at 224 m. Newcomers appear in the middle, at 250 m. */
const apart: ZoneTree = { axis: 'x', at: 7, low: { zone: 1 }, high: { zone: 2 } };
const RUN_MM_PER_TICK = 300;

const zonesOf = (hall: TestHall, { id }: Guest): number[] =>
  [...hall.zones].filter(([, { store }]) => store.rowOf(id) !== undefined).map(([zone]) => zone);
const shownAt = (hall: TestHall, { core }: Guest): number => {
  const out = { x: 0, y: 0, vx: 0, vy: 0 };
  expect(core.showSelf(hall.nowMs, out)).toBe(true);
  return out.x;
};

/** Ann in zone 1, twelve metres before the border; Bob stands behind it, in zone 2. */
function beside(): { hall: TestHall; ann: Guest; bob: Guest } {
  const hall = new TestHall({}, { tree: apart, neighbours: true });
  hall.run(3);
  const [ann, bob] = hall.join('ann', 'bob') as [Guest, Guest];
  ann.command('go', { x: '212', y: '240' });
  bob.command('go', { x: '232', y: '244' });
  hall.run(8);
  expect([zonesOf(hall, ann), zonesOf(hall, bob)]).toEqual([[1], [2]]);
  return { hall, ann, bob };
}

describe('[GW26] a player whose avatar goes to another zone', () => {
  it('comes in through one zone and stands in the one where they were', () => {
    const hall = new TestHall({}, { tree: apart, neighbours: true });
    hall.run(3);
    const [ann] = hall.join('ann') as [Guest];
    expect(zonesOf(hall, ann)).toEqual([2]);
    ann.walk(0);
    hall.run(6);
    expect([ann.closedWith, ann.core.counters.errors, hall.truth(ann.id).x > 250_000]).toEqual([null, 0, true]);
  });

  it('waits no longer for an answer than it takes to go over, though inputs got there before it', () => {
    const { hall, ann } = beside();
    // Zones hear each other two ticks late, and gateways at once.
    hall.random = { pick: () => 1, below: () => 2 } as unknown as Random;
    let waiting = 0;
    for (let i = 0; i < 60; i++) {
      ann.walk(0.001 * i);
      hall.run();
      waiting = Math.max(waiting, ann.connection.unstable.length);
    }
    expect(zonesOf(hall, ann)).toEqual([2]);
    expect(waiting).toBeLessThanOrEqual(5);
    expect(ann.connection.unstable.length).toBeLessThanOrEqual(1);
  });

  it('is asked for where the cell is, when the zone that had it is none any more and said nothing of where it went', () => {
    const { hall, bob } = beside();
    hall.zones.delete(2);
    hall.gateway.rearrange({ zone: 1 }, hall.nowMs);
    hall.run(60);
    expect(bob.closedWith).toBeNull();
    hall.rearrange({ generation: 3, zones: { zone: 1 }, former: null, nextZone: 200 });
    hall.run(60);
    // Zone 1 has it stand anew, as another entity: the client joins again.
    expect(bob.closedWith).toBe('zone_unreachable');
  });

  it('is not where a new owner sends it that has heard of an earlier handover only: that one is told of the later', () => {
    const { hall, ann } = beside();
    const { session, handovers } = ann.connection;
    expect(handovers).toBeGreaterThan(1);
    hall.zones.delete(1);
    const told = new BundleWriter();
    told.session({ session, moved: { zone: 9, handovers: handovers - 1 } });
    const owner = { zone: 1, epoch: 50, generation: 1, since: hall.tick, sequence: hall.tick + 1, interestVersion: 0 };
    hall.gateway.bundle(told.take({ ...owner, tick: hall.tick + 1, rate: 256 }, new Uint8Array(0)), hall.nowMs);
    hall.run(15);
    const asked = hall.said.findLast((op) => op.op === 'attach' && op.session === session);
    expect([ann.connection.link.zone, asked]).toMatchObject([1, { op: 'attach', handovers }]);
  });

  it('walks on over the border as if there were none, and others see it walk', () => {
    const { hall, ann, bob } = beside();
    const start = hall.gateway.counters.sessions_followed;
    ann.walk(0);
    hall.run(6);
    let before = shownAt(hall, ann);
    const entity = ann.id;
    for (let i = 0; i < 60; i++) {
      hall.run();
      const at = shownAt(hall, ann);
      expect(Math.abs(at - before - RUN_MM_PER_TICK)).toBeLessThanOrEqual(2);
      before = at;
      const seen = bob.core.entities.get(entity);
      expect(seen).toBeDefined();
      if (zonesOf(hall, ann).length === 0) continue;
      const shown = { x: 0, y: 0, vx: 0, vy: 0 };
      seen?.track.at(hall.tick, shown);
      expect(Math.abs(shown.x - hall.truth(entity).x)).toBeLessThanOrEqual(2 * RUN_MM_PER_TICK);
    }
    expect(zonesOf(hall, ann)).toEqual([2]);
    expect(hall.gateway.counters.sessions_followed - start).toBe(1);
    expect([ann.closedWith, bob.closedWith]).toEqual([null, null]);
    expect([ann.core.counters, bob.core.counters]).toMatchObject([{ errors: 0 }, { errors: 0 }]);
  });

  it('is answered every input within two ticks', () => {
    const { hall, ann } = beside();
    let unanswered = 0;
    for (let i = 0; i < 80; i++) {
      ann.walk(0);
      hall.run();
      unanswered = Math.max(unanswered, ann.connection.unstable.length);
    }
    expect(zonesOf(hall, ann)).toEqual([2]);
    // What the client sends is ahead of its tick by as much as it leads.
    expect(unanswered).toBeLessThanOrEqual(4);
    expect(ann.connection.unstable.length).toBeLessThanOrEqual(3);
    expect(ann.refused).toEqual([]);
  });

  it('is followed though the bundle that says so was lost', () => {
    const { hall, ann } = beside();
    ann.walk(0);
    while (zonesOf(hall, ann)[0] === 1) {
      hall.zoneTick();
      if (zonesOf(hall, ann).length === 0) hall.down = [];
      hall.deliver();
    }
    hall.run(8);
    ann.walk(Math.PI);
    hall.run(6);
    expect([ann.connection.link.zone, ann.connection.unstable.length, ann.closedWith]).toEqual([2, 0, null]);
  });

  it('speaks and is heard on both sides', () => {
    const { hall, ann, bob } = beside();
    ann.walk(0);
    for (let i = 0; i < 60; i++) {
      if (i % 10 === 0) ann.command('say', { text: `${i}` });
      hall.run();
    }
    expect(bob.heard).toEqual(['0', '10', '20', '30', '40', '50']);
  });

  it('leaves the world when they leave, wherever the avatar is', () => {
    const { hall, ann } = beside();
    ann.walk(0);
    while (zonesOf(hall, ann)[0] === 1) hall.run();
    // In the very tick on the way.
    ann.core.leave();
    hall.run(8);
    expect(zonesOf(hall, ann)).toEqual([]);
  });
});
