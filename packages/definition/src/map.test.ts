import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, TileMap, type TilePlan } from './map.ts';

const COLUMNS = 12;
const ROWS = 9;

interface Town {
  readonly plan: TilePlan;
  readonly map: TileMap;
  readonly radiusMm: number;
  /** A body stands there. */
  readonly x: number;
  readonly y: number;
}

/** A town of walls, and somebody who stands in it. */
const towns: fc.Arbitrary<Town> = fc.nat().map((seed) => {
  const random = new Random(seed);
  for (;;) {
    const tileM = random.pick([0.5, 1, 2]);
    const solid = Array.from({ length: COLUMNS * ROWS }, (_, tile) => tile).filter(() => random.chance(0.25));
    const plan = { tileM, columns: COLUMNS, rows: ROWS, solid };
    const map = new TileMap(plan);
    const radiusMm = random.pick([0, 1, 200, 300]);
    for (let i = 0; i < 100; i++) {
      const [x, y] = [random.below(map.widthMm), random.below(map.heightMm)];
      if (map.fits(x, y, radiusMm)) return { plan, map, radiusMm, x, y };
    }
  }
});
const wish = fc.integer({ min: -2_500, max: 2_500 });

function slid({ map, radiusMm, x, y }: Town, dx: number, dy: number): { x: number; y: number } {
  const body = { x, y };
  map.slide(body, dx, dy, radiusMm);
  return body;
}

describe('sliding', () => {
  it('never ends inside of anything', () => {
    fc.assert(
      fc.property(towns, fc.array(fc.tuple(wish, wish), { maxLength: 40 }), (town, wishes) => {
        let at = town;
        for (const [dx, dy] of wishes) {
          at = { ...at, ...slid(at, dx, dy) };
          expect(at.map.fits(at.x, at.y, at.radiusMm)).toBe(true);
          expect([at.x, at.y].every(Number.isInteger)).toBe(true);
        }
      }),
    );
  });

  it('goes as wished where the way is free, and never farther, nor the other way, nor past a tile', () => {
    fc.assert(
      fc.property(towns, wish, wish, (town, dx, dy) => {
        const tileMm = town.plan.tileM * 1_000;
        const within = (moved: number, wished: number): boolean =>
          moved * wished >= 0 && Math.abs(moved) <= Math.min(Math.abs(wished), tileMm);
        const to = slid(town, dx, dy);
        expect(within(to.x - town.x, dx) && within(to.y - town.y, dy)).toBe(true);
        const [cx, cy] = [dx, dy].map((d) => Math.max(-tileMm, Math.min(tileMm, d))) as [number, number];
        if (town.map.fits(town.x + cx, town.y + cy, town.radiusMm))
          expect(to).toEqual({ x: town.x + cx, y: town.y + cy });
      }),
    );
  });

  it('comes to rest within a millimetre of what is in the way', () => {
    fc.assert(
      fc.property(towns, wish, (town, dx) => {
        const to = slid(town, dx, 0);
        if (Math.abs(to.x - town.x) >= Math.min(Math.abs(dx), town.plan.tileM * 1_000)) return;
        expect(town.map.fits(to.x + Math.sign(dx), to.y, town.radiusMm)).toBe(false);
      }),
    );
  });

  it('is the same in a mirror, left for right and top for bottom', () => {
    fc.assert(
      fc.property(towns, wish, wish, (town, dx, dy) => {
        const { plan, map, x, y } = town;
        const solid = [...plan.solid].map((tile) => COLUMNS * ROWS - 1 - tile);
        const other = {
          ...town,
          map: new TileMap({ ...plan, solid }),
          x: map.widthMm - 1 - x,
          y: map.heightMm - 1 - y,
        };
        const [to, mirrored] = [slid(town, dx, dy), slid(other, -dx, -dy)];
        expect(mirrored).toEqual({ x: map.widthMm - 1 - to.x, y: map.heightMm - 1 - to.y });
      }),
    );
  });
});

describe('a map', () => {
  it('is solid where a tile is and beyond its edges', () => {
    const map = new TileMap({ tileM: 2, columns: 3, rows: 2, solid: [4] });
    expect([map.widthMm, map.heightMm]).toEqual([6_000, 4_000]);
    expect([map.solid(2_000, 2_000), map.solid(3_999, 3_999), map.solid(1_999, 2_000)]).toEqual([true, true, false]);
    expect([map.solid(-1, 0), map.solid(0, 4_000), map.solid(6_000, 0)]).toEqual([true, true, true]);
    expect([map.fits(1_699, 2_500, 300), map.fits(1_700, 2_500, 300)]).toEqual([true, false]);
    expect([map.fits(299, 1_000, 300), map.fits(300, 1_000, 300), map.fits(5_700, 1_000, 300)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('has newcomers appear in the middle of tiles, at whole millimetres', () => {
    expect(new TileMap({ tileM: 0.125, columns: 8, rows: 8, solid: [], spawns: [9] }).spawns).toEqual([
      { x: 187, y: 187 },
    ]);
    expect(plain({ areaM2: 400 }).spawns).toEqual([{ x: 10_000, y: 10_000 }]);
  });

  it('has a fingerprint of all that is in it', () => {
    const plan = { tileM: 1, columns: 4, rows: 4, solid: [1], spawns: [5] };
    const plans = [
      plan,
      { ...plan, tileM: 2 },
      { ...plan, columns: 5 },
      { ...plan, solid: [2] },
      { ...plan, spawns: [6] },
    ];
    expect(new Set(plans.map((one) => new TileMap(one).fingerprint)).size).toBe(5);
    expect(new TileMap(plan).fingerprint).toBe(new TileMap({ ...plan }).fingerprint);
  });

  it.each([
    ['up to 1,000 km', { tileM: 1_000, columns: 1_001, rows: 1, solid: [] }],
    ['up to 1,000 km', { tileM: 0, columns: 1, rows: 1, solid: [] }],
    ['outside of the plan', { tileM: 1, columns: 2, rows: 2, solid: [4] }],
    ['outside of the plan', { tileM: 1, columns: 2, rows: 2, solid: [], spawns: [-1] }],
    ['inside of something', { tileM: 1, columns: 2, rows: 2, solid: [1], spawns: [1] }],
  ])('is refused: %s', (why, plan) => {
    expect(() => new TileMap(plan)).toThrow(why);
  });

  it('is square as a plain of an area, eight metres a side at least', () => {
    const { widthMm, heightMm } = plain({ areaM2: 1_000_000 });
    expect([widthMm, heightMm, plain({ areaM2: 1 }).widthMm]).toEqual([1_000_000, 1_000_000, 8_000]);
  });
});
