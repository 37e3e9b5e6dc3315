import type { World } from '@lifeverse/definition';
import { open } from '@lifeverse/open';
import { town } from '@lifeverse/town';
import { expect, it } from 'vitest';
import type { Place, Walk } from '../avatar.ts';
import { type Follower, followersOf } from './follower.ts';
import { parseTrace } from './parse-trace.ts';

const TICK_MS = 50;

/** Walks as the server has it walk, from a place and for a time; calls `each` after every tick. */
function walk(
  world: World,
  follower: Follower,
  from: Place,
  forMs: number,
  each: (ms: number, at: Place) => void,
): number {
  const body = { ...from };
  let held: Walk | null = null;
  let inputs = 0;
  for (let ms = 0; ms < forMs; ms += TICK_MS) {
    if (follower.present(ms) && ms >= follower.dueMs) {
      const next = follower.steer(ms, body);
      if (next !== null) inputs++;
      held = next ?? held;
    }
    if (held !== null) {
      const towards = Math.round((held.towards / (2 * Math.PI)) * 1_024) & 1_023;
      world.predicted?.step.run(body, { towards, pace: held.pace }, world.map, 256);
    }
    each(ms, body);
  }
  return inputs;
}

const trace = (line: (i: number) => string, count: number) =>
  parseTrace(['t_s,id,x_m,y_m', ...Array.from({ length: count }, (_, i) => line(i))].join('\n'));

it('runs to where the trace begins and then stays with it', () => {
  const world = open({ areaM2: 40_000 }) as unknown as World;
  const circle = trace((i) => `${i},a,${20 * Math.cos(i / 15)},${20 * Math.sin(i / 15)}`, 95);
  const [follower] = followersOf(circle, world, 1) as [Follower];
  const errorsM: number[] = [];
  const inputs = walk(world, follower, { x: 150_000, y: 150_000 }, 90_000, (ms, at) => {
    const s = ms / 1_000;
    const x = 21 + 20 * Math.cos(s / 15);
    const y = 21 + 20 * Math.sin(s / 15);
    if (s > 30) errorsM.push(Math.hypot(at.x / 1_000 - x, at.y / 1_000 - y));
  });
  expect(errorsM.length).toBeGreaterThan(1_000);
  expect(Math.max(...errorsM)).toBeLessThan(1.5);
  // It is asked four times a second, and says something only when that changes its way.
  expect(inputs).toBeLessThan(4 * 90);
});

it('stands still when its mover does', () => {
  const world = open({ areaM2: 10_000 }) as unknown as World;
  const [follower] = followersOf(
    trace((i) => `${i},a,0,0`, 60),
    world,
    1,
  ) as [Follower];
  const places = new Set<string>();
  const inputs = walk(world, follower, { x: 50_000, y: 50_000 }, 60_000, (ms, at) => {
    if (ms > 30_000) places.add(`${at.x},${at.y}`);
  });
  expect(places.size).toBe(1);
  expect(inputs).toBeLessThan(12);
});

it('comes and goes with its id', () => {
  const world = open({ areaM2: 10_000 }) as unknown as World;
  const lines = ['0,b,0,0', '1,b,0,0', '2,b,0,0', '3,b,0,0', '4,b,0,0', '5,b,0,0', '2,a,0,0', '3,a,0,0'];
  const [, follower] = followersOf(parseTrace(['t_s,id,x_m,y_m', ...lines].join('\n')), world, 2) as Follower[];
  const present = [0, 1_000, 2_000, 3_500, 4_500, 5_500, 8_000].map((ms) => follower?.present(ms));
  expect(present).toEqual([false, false, true, true, false, false, true]);
});

it('gives every player a mover: the ids in turn, and then copies elsewhere', () => {
  const world = open({ areaM2: 10_000 }) as unknown as World;
  const two = parseTrace('t_s,id,x_m,y_m\n0,a,0,0\n0,b,10,10\n');
  const players = followersOf(two, world, 5);
  const ends = players.map((follower) => {
    let end = '';
    walk(world, follower, { x: 50_000, y: 50_000 }, 30_000, (_ms, at) => {
      end = `${Math.round(at.x / 1_000)},${Math.round(at.y / 1_000)}`;
    });
    return end;
  });
  expect(ends).toEqual(['1,1', '11,11', '11,1', '21,11', '21,1']);
});

it('gets through a town whose houses are in the way of the trace', () => {
  const world = town() as unknown as World;
  const across = trace((i) => `${i * 4},a,${i},${i}`, 150);
  const [follower] = followersOf(across, world, 1) as [Follower];
  const start = world.map.spawns[0] as Place;
  const radiusMm = world.predicted?.step.radiusMm ?? 0;
  let walkedMm = 0;
  let before = { ...start };
  walk(world, follower, { ...start }, 600_000, (_ms, at) => {
    expect(world.map.fits(at.x, at.y, radiusMm)).toBe(true);
    walkedMm += Math.hypot(at.x - before.x, at.y - before.y);
    before = { ...at };
  });
  expect(walkedMm).toBeGreaterThan(100_000);
});
