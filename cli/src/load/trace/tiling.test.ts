import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTrace } from './parse-trace.ts';
import { Tiling } from './tiling.ts';

const traceOf = (...points: readonly (readonly [number, number])[]) =>
  parseTrace(['t_s,id,x_m,y_m', ...points.map(([x, y], i) => `${i},a,${x},${y}`)].join('\n'));
const ground = { x: 1, y: 1, width: 100, height: 50 };
const placed = (tiling: Tiling, copy: number, x: number, y: number): readonly [number, number] => {
  const point = { x, y };
  tiling.place(copy, point);
  return [point.x, point.y];
};

it('shifts the first copy into the corner', () => {
  const tiling = new Tiling(traceOf([-500, 9_000], [-460, 9_020]), ground);
  expect(placed(tiling, 0, -500, 9_000)).toEqual([1, 1]);
  expect(placed(tiling, 0, -460, 9_020)).toEqual([41, 21]);
});

it('lays further copies beside and above it, and then next to an earlier one', () => {
  const tiling = new Tiling(traceOf([0, 0], [40, 20]), ground);
  const corners = [0, 1, 2, 3, 4, 5].map((copy) => placed(tiling, copy, 0, 0));
  expect(corners).toEqual([
    [1, 1],
    [41, 1],
    [1, 21],
    [41, 21],
    [3, 3],
    [43, 3],
  ]);
});

it('folds back what reaches beyond the world', () => {
  const tiling = new Tiling(traceOf([0, 0], [250, 60]), ground);
  expect(placed(tiling, 0, 99, 49)).toEqual([100, 50]);
  expect(placed(tiling, 0, 110, 60)).toEqual([91, 41]);
  expect(placed(tiling, 0, 250, 0)).toEqual([51, 1]);
});

it('keeps every copy of every trace on the ground, and near what was near', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(points, fc.nat(1_000), (list, copy) => {
      const tiling = new Tiling(traceOf(...list), ground);
      for (const [x, y] of list) {
        const [px, py] = placed(tiling, copy, x, y);
        expect(px).toBeGreaterThanOrEqual(1);
        expect(px).toBeLessThanOrEqual(101);
        expect(py).toBeGreaterThanOrEqual(1);
        expect(py).toBeLessThanOrEqual(51);
        const [qx, qy] = placed(tiling, copy, x + 0.5, y - 0.5);
        expect(Math.abs(qx - px)).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(Math.abs(qy - py)).toBeLessThanOrEqual(0.5 + 1e-6);
      }
    }),
  );
});
