import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loopsOf } from './contour.ts';

const area = { x: -2, y: 3, w: 7, h: 6 };
const at = (tiles: readonly boolean[]) => (x: number, y: number) =>
  tiles[(y - area.y) * area.w + (x - area.x)] === true;

/** Twice the signed area inside a loop: positive when its inside is to the left. */
function doubled(loop: readonly (readonly [number, number])[]): number {
  return loop.reduce((sum, [x, y], i) => {
    const [nx, ny] = loop[(i + 1) % loop.length] as readonly [number, number];
    return sum + x * ny - nx * y;
  }, 0);
}

it('one tile has one outline of four corners', () => {
  const loops = loopsOf((x, y) => x === 0 && y === 5, area);
  expect(loops).toHaveLength(1);
  expect(loops[0]).toHaveLength(4);
});

it('every outline is closed, and together they hold as much as there are tiles', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: area.w * area.h, maxLength: area.w * area.h }), (tiles) => {
      const loops = loopsOf(at(tiles), area);
      for (const loop of loops) {
        loop.forEach(([x, y], i) => {
          const [nx, ny] = loop[(i + 1) % loop.length] as readonly [number, number];
          expect(Math.abs(nx - x) + Math.abs(ny - y)).toBe(1);
        });
      }
      expect(loops.reduce((sum, loop) => sum + doubled(loop), 0)).toBe(2 * tiles.filter(Boolean).length);
    }),
  );
});

it('two tiles that touch at a corner keep outlines of their own', () => {
  expect(loopsOf((x, y) => (x === 0 && y === 5) || (x === 1 && y === 6), area)).toHaveLength(2);
});
