import type { ZoneTree } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { type Guest, TestHall } from './test-hall.ts';

/** Cells are 32 m wide; the border lies between the sixth and the seventh of them. */
const BORDER_CELL = 7;
const apart: ZoneTree = { axis: 'x', at: BORDER_CELL, low: { zone: 1 }, high: { zone: 2 } };
const lampAt = { x: 7.5 * 32, y: 7.5 * 32 };

/** Ann stands in zone 1 a few metres before the border, a lamp that never stays the same in zone 2 behind it. */
function beside(): { hall: TestHall; ann: Guest } {
  const hall = new TestHall({}, { tree: apart, lamps: new Map([[2, lampAt]]) });
  const [ann] = hall.join('ann') as [Guest];
  ann.command('go', { x: '220', y: '240' });
  hall.run(6);
  return { hall, ann };
}

/** Which tick's lamps a guest shows. */
const lamps = ({ core }: Guest): string[] =>
  [...core.entities.values()].map(({ shadow }) => String(shadow.components[0])).filter((note) => note !== '');

describe('[GW22] a player near a border', () => {
  it('sees what is behind it as what is before it, tick by tick', () => {
    const { hall, ann } = beside();
    for (let i = 0; i < 60; i++) {
      hall.run();
      expect(lamps(ann)).toEqual([`2 ${hall.tick}`]);
    }
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    expect(hall.gateway.counters).toMatchObject({ streams_lost: 0, bundles_lost: 0, bundles_late: 0 });
  });

  it('is told by keyframes what a zone says behind the others, and no tick goes back', () => {
    const { hall, ann } = beside();
    for (let i = 0; i < 40; i++) {
      hall.zoneTick();
      // Zone 2 is a tick late: its bundle comes behind zone 1's next one.
      hall.deliver((zone) => zone === 1);
      hall.deliver((zone, tick) => zone === 2 && tick < hall.tick);
      if (i > 0) expect(lamps(ann)).toEqual([`2 ${hall.tick - 1}`]);
    }
    expect(ann.core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });

  it('is told what concerns them alone by a zone that is behind, and no tick goes back or ahead', () => {
    const { hall, ann } = beside();
    for (let i = 0; i < 40; i++) {
      if (i % 5 === 0) ann.walk(i / 5);
      hall.zoneTick();
      // Zone 1, which has Ann, is a tick late.
      hall.deliver((zone) => zone === 2);
      hall.deliver((zone, tick) => zone === 1 && tick < hall.tick);
      expect(ann.core.session?.tick).toBeLessThanOrEqual(hall.tick);
    }
    expect([ann.core.counters.errors, ann.closedWith]).toEqual([0, null]);
  });

  it('loses of a zone that falls silent that zone alone, and has it again when it speaks', () => {
    const { hall, ann } = beside();
    ann.walk(Math.PI);
    for (let i = 0; i < 20; i++) {
      hall.zoneTick();
      hall.deliver((zone) => zone === 1);
      hall.down = [];
    }
    expect(hall.wrongFor(ann)).toEqual([]);
    hall.run(8);
    expect(lamps(ann)).toEqual([`2 ${hall.tick}`]);
    expect(ann.closedWith).toBeNull();
  });
});

describe('[GW23] a cell that goes to another zone', () => {
  it('is shown as its former zone has it until the new one tells it, to who is there and who comes', () => {
    const hall = new TestHall(
      {},
      {
        tree: apart,
        lamps: new Map([
          [2, lampAt],
          [3, lampAt],
        ]),
      },
    );
    const [ann, bob] = hall.join('ann', 'bob') as [Guest, Guest];
    for (const guest of [ann, bob]) guest.command('go', { x: '220', y: '240' });
    hall.run(6);
    bob.stalled = true;
    hall.gateway.rearrange({ axis: 'x', at: BORDER_CELL, low: { zone: 1 }, high: { zone: 3 } }, hall.nowMs);
    const seen: string[] = [];
    for (let i = 0; i < 10; i++) {
      hall.zoneTick();
      // Zone 3 takes its time.
      hall.deliver((zone) => zone !== 3 || i >= 5);
      hall.down = [];
      expect(lamps(ann)).toHaveLength(1);
      seen.push(lamps(ann)[0] as string);
    }
    expect(seen.map((note) => note.charAt(0)).join('')).toMatch(/^2{5}2*3+$/);
    expect(seen.at(-1)).toBe(`3 ${hall.tick}`);
    bob.resume();
    const [carol] = hall.join('carol') as [Guest];
    carol.command('go', { x: '221', y: '240' });
    hall.run(6);
    expect([ann, bob, carol].map(lamps)).toEqual(Array(3).fill([`3 ${hall.tick}`]));
    for (const { core } of [ann, bob, carol]) expect(core.counters).toMatchObject({ errors: 0, rekeys: 0 });
    // Nobody reads zone 2 any more: it is not spoken to.
    hall.gateway.rearrange({ axis: 'x', at: BORDER_CELL, low: { zone: 1 }, high: { zone: 3 } }, hall.nowMs);
    hall.toldZones.clear();
    hall.run(40);
    expect([...hall.toldZones].sort()).toEqual([1, 3]);
  });

  it('and comes back before it was told loses nothing', () => {
    const { hall, ann } = beside();
    hall.gateway.rearrange({ axis: 'x', at: BORDER_CELL, low: { zone: 1 }, high: { zone: 3 } }, hall.nowMs);
    // Carol comes meanwhile: nobody tells her of the lamp.
    const [carol] = hall.join('carol') as [Guest];
    carol.command('go', { x: '190', y: '240' });
    hall.run(3);
    hall.gateway.rearrange(apart, hall.nowMs);
    hall.run(10);
    expect([ann, carol].map(lamps)).toEqual([[`2 ${hall.tick}`], [`2 ${hall.tick}`]]);
    for (const { core } of [ann, carol]) expect(core.counters).toMatchObject({ errors: 0, rekeys: 0 });
  });
});
