import { Random } from '@lifeverse/base';
import { plain, TileMap } from '@lifeverse/definition';
import { expect, it } from 'vitest';
import { Wanderer } from './wanderer.ts';

it('runs, and turns every one to three seconds', () => {
  const wanderer = new Wanderer(plain({ areaM2: 1e6 }), new Random(1));
  const pauses: number[] = [];
  const headings = new Set<number>();
  for (let i = 0; i < 500; i++) {
    const before = wanderer.dueMs;
    const walk = wanderer.steer(wanderer.dueMs, { x: 500_000, y: 500_000 });
    expect(walk.pace).toBe('run');
    headings.add(walk.towards);
    pauses.push(wanderer.dueMs - before);
  }
  expect(headings.size).toBe(500);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(3_000);
  expect(Math.min(...headings)).toBeLessThan(0.1);
  expect(Math.max(...headings)).toBeGreaterThan(6.1);
});

it('does not set out for the outside, nor for a wall', () => {
  const wall = Array.from({ length: 20 }, (_, row) => row * 20 + 13);
  const map = new TileMap({ tileM: 1, columns: 20, rows: 20, solid: wall });
  const wanderer = new Wanderer(map, new Random(2));
  for (let i = 0; i < 200; i++) {
    const { towards } = wanderer.steer(wanderer.dueMs, { x: 7_500, y: 1_500 });
    expect(map.solid(7_500 + Math.cos(towards) * 6_000, 1_500 + Math.sin(towards) * 6_000)).toBe(false);
  }
});
