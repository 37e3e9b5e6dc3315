import { distanceToStall, stallsOf, town } from '@lifeverse/town';
import { expect, it } from 'vitest';
import { WayThere } from './way-there.ts';

it('leads around walls, a metre at a time, from every place where newcomers appear to a stall', () => {
  const areaM2 = 20_000;
  const { map } = town({ areaM2 });
  const stall = stallsOf({ areaM2 })[0] as NonNullable<ReturnType<typeof stallsOf>[0]>;
  const way = new WayThere(map, (at) => distanceToStall(stall, at) < 1.6);
  for (const spawn of map.spawns) {
    let at = { x: spawn.x / 1_000, y: spawn.y / 1_000 };
    for (let left = way.steps(at); left > 0; left--) {
      at = way.next(at);
      expect(way.steps(at)).toBe(left - 1);
      expect(map.solid(at.x * 1_000, at.y * 1_000)).toBe(false);
    }
    expect(distanceToStall(stall, at)).toBeLessThan(1.6);
  }
});
