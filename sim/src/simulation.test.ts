import { expect, it } from 'vitest';
import { type Settings, simulate } from './simulation.ts';

const usual: Settings = { seed: 8, seconds: 12, players: 40, gateways: 2, world: 'open', flipInput: null, plant: null };

it('repeats a run bit for bit from its seed', () => {
  const { hash, violation } = simulate(usual);
  expect(violation).toBeNull();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(simulate(usual).hash).toBe(hash);
});

it('is another run with another seed, and with one input changed', () => {
  const hashes = [usual, { ...usual, seed: 9 }, { ...usual, flipInput: 60 }].map((settings) => simulate(settings).hash);
  expect(new Set(hashes).size).toBe(3);
});

it.each([7, 8, 9, 10])('holds what is checked through the faults of seed %i', (seed) => {
  const { violation, tally } = simulate({ ...usual, seed, seconds: 30, players: 100 });
  expect(violation).toBeNull();
  const counts = new Map(tally.entries());
  expect(counts.get('frames delivered')).toBeGreaterThan(1_000);
  expect([...counts.keys()].filter((name) => name.startsWith('faults: ')).length).toBeGreaterThan(2);
});
