import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { townDecor } from './decor.ts';
import { town } from './index.ts';
import { planTown, type TownPlan } from './plan.ts';
import { reachableFrom } from './reach.ts';

const areas = [1, 9_216, 18_738, 48_400, 132_402];

function tileOf(plan: TownPlan, at: { x: number; y: number }): number {
  return Math.floor(at.y / 1_000) * plan.side + Math.floor(at.x / 1_000);
}

describe.each(areas)('a town of %i square metres', (areaM2) => {
  const plan = planTown(areaM2);

  it('lets one walk from every free tile to every other', () => {
    const start = tileOf(plan, plan.map.spawns[0] as { x: number; y: number });
    const reached = reachableFrom(plan, start);
    const free = plan.solid.reduce((count, solid) => count + (solid === 0 ? 1 : 0), 0);
    const found = reached.reduce((count, tile) => count + tile, 0);
    expect(found).toBe(free);
    expect(free).toBeGreaterThan(plan.side * plan.side * 0.3);
  });

  it('collides where its tiles are solid, and nowhere else', () => {
    for (let tile = 0; tile < plan.solid.length; tile++) {
      const x = (tile % plan.side) * 1_000 + 500;
      const y = Math.floor(tile / plan.side) * 1_000 + 500;
      if (plan.map.solid(x, y) !== (plan.solid[tile] === 1)) expect.fail(`tile ${tile} disagrees`);
    }
  });

  it('draws a solid thing on every solid tile that is not water', () => {
    const decor = townDecor({ areaM2 });
    const drawn = new Uint8Array(plan.side * plan.side);
    const trees = decor.trees.map((tree) => ({ x: Math.floor(tree.x), y: Math.floor(tree.y), w: 1, h: 1 }));
    for (const { x, y, w, h } of [...decor.buildings, ...decor.things, ...trees]) {
      for (let ty = Math.max(0, y); ty < Math.min(plan.side, y + h); ty++)
        drawn.fill(1, ty * plan.side + Math.max(0, x), ty * plan.side + Math.min(plan.side, x + w));
    }
    const bare: number[] = [];
    plan.solid.forEach((solid, tile) => {
      if (solid === 1 && plan.ground[tile] !== 5 && drawn[tile] === 0) bare.push(tile);
    });
    expect(bare).toEqual([]);
  });

  it('has newcomers appear, and people stop, where there is room', () => {
    for (const spawn of plan.map.spawns) expect(plan.map.fits(spawn.x, spawn.y, 500)).toBe(true);
    for (const { x, y } of [...plan.places, ...plan.ways]) {
      expect(plan.map.fits(Math.round(x * 1_000), Math.round(y * 1_000), 500)).toBe(true);
    }
    expect(plan.places.length).toBeGreaterThan(10);
  });
});

it('is the same town every time, and another one at another size', () => {
  const first = town({ areaM2: 48_400 });
  planTown(20_000);
  const again = town({ areaM2: 48_400 });
  expect(again.map.fingerprint).toBe(first.map.fingerprint);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(town({ areaM2: 20_000 }).map.fingerprint).not.toBe(first.map.fingerprint);
});

it('keeps a walker out of everything solid, whatever they do', () => {
  const world = town();
  const step = world.predicted?.step;
  fc.assert(
    fc.property(
      fc.nat({ max: world.map.spawns.length - 1 }),
      fc.array(fc.record({ towards: fc.nat({ max: 1_023 }), ticks: fc.integer({ min: 1, max: 60 }) }), {
        minLength: 1,
        maxLength: 20,
      }),
      (spawn, legs) => {
        const body = { ...(world.map.spawns[spawn] as { x: number; y: number }) };
        for (const { towards, ticks } of legs) {
          for (let i = 0; i < ticks; i++) {
            step?.run(body, { towards, pace: 'run' }, world.map, 256);
            if (!world.map.fits(body.x, body.y, 300)) return false;
          }
        }
        return true;
      },
    ),
  );
});

it('refuses an area that is none', () => {
  for (const areaM2 of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => planTown(areaM2)).toThrow(/areaM2/);
});
