import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL_HYSTERESIS_MM, cellAlong, cellKey, cellX, cellY } from './cell.ts';

const coordinate = fc.integer({ min: -32_768, max: 32_767 });

describe('[SY1] cells', () => {
  it('have a key that is one safe integer, and knows both coordinates', () => {
    expect(cellKey(-32_768, -32_768)).toBe(0);
    expect(cellKey(0, 0)).toBe(32_768 * 65_536 + 32_768);
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        const key = cellKey(x, y);
        expect([cellX(key), cellY(key), Number.isSafeInteger(key)]).toEqual([x, y, true]);
      }),
    );
  });

  it('are left a metre beyond their edge', () => {
    const at = (mm: number): number => cellAlong(mm, 32_000, 3);
    expect([95_000, 94_999, 128_999, 129_000].map(at)).toEqual([3, 2, 3, 4]);
    expect([-1, 0, 500_000].map(at)).toEqual([-1, 0, 15]);
  });

  it('keep who paces along an edge, and never let anyone be farther out than that', () => {
    const sizes = fc.integer({ min: 4, max: 256 }).map((m) => m * 1_000);
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: -50_000, max: 50_000 }), { minLength: 1 }), (cellMm, steps) => {
        let mm = 0;
        let cell = 0;
        for (const step of steps) {
          mm += step;
          const next = cellAlong(mm, cellMm, cell);
          if (next !== cell) expect(next).toBe(Math.floor(mm / cellMm));
          cell = next;
          const beyond = Math.max(cell * cellMm - mm, mm - (cell + 1) * cellMm + 1);
          expect(beyond).toBeLessThanOrEqual(CELL_HYSTERESIS_MM);
        }
      }),
    );
  });
});
