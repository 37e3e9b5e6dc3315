import { TileMap } from '@lifeverse/definition';
import { town } from '@lifeverse/town';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Steering } from './steering.ts';
import { findWay } from './way.ts';

/** Ten by ten, a wall from south to north with a gap at the top. */
const wall = new TileMap({
  tileM: 1,
  columns: 10,
  rows: 10,
  solid: Array.from({ length: 8 }, (_, row) => row * 10 + 5),
});

it('goes straight where nothing is in the way', () => {
  expect(findWay(wall, { x: 1, y: 1 }, { x: 3.2, y: 8 })).toEqual([{ x: 3.2, y: 8 }]);
});

it('goes around what is', () => {
  const way = findWay(wall, { x: 2.5, y: 1.5 }, { x: 8.5, y: 1.5 });
  expect(way?.at(-1)).toEqual({ x: 8.5, y: 1.5 });
  expect(Math.max(...(way ?? []).map(({ y }) => y))).toBeGreaterThan(8);
});

it('goes as near as one can to where nobody can stand', () => {
  const end = findWay(wall, { x: 2.5, y: 1.5 }, { x: 5.5, y: 1.5 })?.at(-1);
  expect(end).toEqual({ x: 4.5, y: 1.5 });
});

it('has no way out of a room without a door', () => {
  const room = [0, 1, 2, 10, 12, 20, 21, 22];
  const map = new TileMap({ tileM: 1, columns: 10, rows: 10, solid: room });
  expect(findWay(map, { x: 1.5, y: 1.5 }, { x: 8, y: 8 })).toBeNull();
});

it('leads all the way there, followed by the steering over the predicted step, anywhere in town', () => {
  const world = town();
  const { map, predicted } = world;
  const spot = fc.nat({ max: map.spawns.length - 1 }).map((i) => map.spawns[i] as { x: number; y: number });
  const shift = fc.record({
    x: fc.integer({ min: -30_000, max: 30_000 }),
    y: fc.integer({ min: -30_000, max: 30_000 }),
  });
  fc.assert(
    fc.property(spot, shift, (start, by) => {
      const body = { x: start.x, y: start.y };
      const way = findWay(
        map,
        { x: body.x / 1_000, y: body.y / 1_000 },
        { x: (start.x + by.x) / 1_000, y: (start.y + by.y) / 1_000 },
      );
      if (way === null) return;
      const steering = new Steering();
      steering.follow(way, 0);
      let ticks = 0;
      for (; ticks < 1_200; ticks++) {
        const wish = steering.wish({ x: body.x / 1_000, y: body.y / 1_000 }, ticks * 50);
        if (wish === null) break;
        const towards = Math.round((wish.towards / (2 * Math.PI)) * 1_024) & 1_023;
        predicted?.step.run(body, { towards, pace: wish.pace }, map, 256);
      }
      const end = way.at(-1) as { x: number; y: number };
      expect(Math.hypot(body.x / 1_000 - end.x, body.y / 1_000 - end.y)).toBeLessThan(0.5);
    }),
  );
});
