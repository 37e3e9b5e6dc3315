import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictedX, predictedY, type Shadow, SlotTable } from './slot-table.ts';

const shadow = (change: Partial<Shadow> = {}): Shadow => ({
  id: 2 ** 40 + 7,
  generation: 3,
  tick: 100,
  x: 5_000,
  y: -800,
  vx: 30,
  vy: -2,
  components: [1, 'abc'],
  ...change,
});

function tableOf(...shadows: Shadow[]): SlotTable {
  const table = new SlotTable();
  for (const [slot, one] of shadows.entries()) table.set(slot, one);
  return table;
}

describe('[SY5] a shadow', () => {
  it('goes on with its velocity, and back', () => {
    expect([predictedX(shadow(), 110), predictedY(shadow(), 110)]).toEqual([5_300, -820]);
    expect([predictedX(shadow(), 99), predictedY(shadow(), 100)]).toEqual([4_970, -800]);
  });
});

describe('[SY9] slots', () => {
  it('are given from the lowest free one, and the table ends with its highest in use', () => {
    const taken = fc.array(fc.oneof(fc.constant('enter' as const), fc.nat({ max: 9 })), { maxLength: 60 });
    fc.assert(
      fc.property(taken, (steps) => {
        const table = new SlotTable();
        const model = new Set<number>();
        for (const step of steps) {
          if (step === 'enter') {
            const slot = table.lowestFree();
            expect(model.has(slot)).toBe(false);
            for (let lower = 0; lower < slot; lower++) expect(model.has(lower)).toBe(true);
            table.set(slot, shadow());
            model.add(slot);
          } else if (model.delete(step)) table.free(step);
          expect(table.slots.length).toBe(Math.max(-1, ...model) + 1);
          for (let slot = 0; slot < 12; slot++) expect(table.get(slot) !== null).toBe(model.has(slot));
        }
      }),
    );
  });
});

describe('[SY6] the checksum', () => {
  it('is pinned for all time', () => {
    expect(new SlotTable().checksum(1)).toBe(7_385);
    expect(tableOf(shadow()).checksum(100)).toBe(11_097);
    expect(tableOf(shadow(), shadow({ id: 4 })).checksum(1_000)).toBe(11_113);
  });

  it('is the same for who heard of an entity at another tick', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.nat({ max: 500 }), (later, ask) => {
        const told = shadow();
        const tick = told.tick + later;
        const keyed = shadow({ tick, x: predictedX(told, tick), y: predictedY(told, tick) });
        expect(tableOf(keyed).checksum(tick + ask)).toBe(tableOf(told).checksum(tick + ask));
      }),
    );
  });

  it.each<[string, Partial<Shadow>]>([
    ['x', { x: 5_001 }],
    ['y', { y: -801 }],
    ['vx', { vx: 31 }],
    ['vy', { vy: -3 }],
    ['id', { id: 8 }],
    ['generation', { generation: 4 }],
    ['a number', { components: [2, 'abc'] }],
    ['a text', { components: [1, 'abd'] }],
  ])('tells a difference in %s', (_what, change) => {
    expect(tableOf(shadow(change)).checksum(105)).not.toBe(tableOf(shadow()).checksum(105));
  });

  it('tells who is in another slot, or missing', () => {
    const [a, b] = [shadow(), shadow({ id: 9 })];
    const gap = new SlotTable();
    gap.set(1, a);
    const sums = [tableOf(a, b), tableOf(b, a), tableOf(a), tableOf(), gap].map((table) => table.checksum(100));
    expect(new Set(sums).size).toBe(5);
  });
});
