import { expect, it } from 'vitest';
import { Sharpness } from './sharpness.ts';

function run(sharpness: Sharpness, frames: number, ms: number): number {
  let changes = 0;
  for (let i = 0; i < frames; i++) if (sharpness.frame(ms)) changes++;
  return changes;
}

it('stays as sharp as the screen while frames come in time', () => {
  const it = new Sharpness(2, false);
  expect(run(it, 2_000, 16)).toBe(0);
  expect([it.resolution, it.scarce]).toEqual([2, false]);
});

it('goes down step by step while it is too slow, never up, never below the least', () => {
  const it = new Sharpness(3, false);
  expect(it.resolution).toBe(2);
  expect(run(it, 5_000, 80)).toBe(4);
  expect([it.resolution, it.scarce]).toEqual([0.55, true]);
  expect(run(it, 5_000, 10)).toBe(0);
});

it('waits after a step whether it was enough', () => {
  const it = new Sharpness(1, false);
  expect(run(it, 60, 80)).toBe(1);
  expect(run(it, 400, 20)).toBe(0);
  expect(it.resolution).toBe(0.75);
});

it('takes a hidden tab for no slow frame', () => {
  const it = new Sharpness(1, false);
  expect(run(it, 500, 5_000)).toBe(0);
});

it('begins lower where the processor draws', () => {
  expect(new Sharpness(1, true).resolution).toBe(0.75);
  expect(new Sharpness(2, true).resolution).toBe(0.75);
});
