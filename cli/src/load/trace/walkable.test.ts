import { TileMap } from '@lifeverse/definition';
import { expect, it } from 'vitest';
import { Walkable } from './walkable.ts';

const RADIUS_MM = 300;
/** A house of 6 x 6 m in the middle of 20 x 20 m. */
const solid = Array.from({ length: 36 }, (_, i) => (7 + Math.floor(i / 6)) * 20 + 7 + (i % 6));
const map = new TileMap({ tileM: 1, columns: 20, rows: 20, solid });
const moved = (walkable: Walkable, x: number, y: number) => {
  const place = { x, y };
  walkable.moveInto(place);
  return place;
};

it('leaves a place alone where one can stand', () => {
  expect(moved(new Walkable(map, RADIUS_MM), 3_400.4, 5_000)).toEqual({ x: 3_400, y: 5_000 });
});

it.each([
  ['inside the house', 8_000, 10_000],
  ['in its wall', 12_900, 10_000],
  ['too near to it', 6_900, 10_000],
  ['beyond the border', -5_000, 10_000],
  ['in a corner of the world', 20_100, 20_100],
])('moves one %s to a place nearby', (_, x, y) => {
  const place = moved(new Walkable(map, RADIUS_MM), x, y);
  expect(map.fits(place.x, place.y, RADIUS_MM)).toBe(true);
  expect(Math.hypot(place.x - x, place.y - y)).toBeLessThan(6_000);
});

it('finds the same place again', () => {
  const walkable = new Walkable(map, RADIUS_MM);
  expect(moved(walkable, 10_010, 10_020)).toEqual(moved(walkable, 10_040, 9_990));
});

it('gives up where there is nothing but wall', () => {
  const rock = new TileMap({ tileM: 1, columns: 2, rows: 2, solid: [0, 1, 2, 3] });
  expect(moved(new Walkable(rock, RADIUS_MM), 1_000, 1_000)).toEqual({ x: 1_000, y: 1_000 });
});
