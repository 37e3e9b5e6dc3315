import { expect, it } from 'vitest';
import { Course } from '../movement.ts';
import { parseScenario, type Scenario } from '../scenario.ts';
import { InputWheel } from './input-wheel.ts';

function scenario(name: string): Scenario {
  const parsed = parseScenario(name, 5);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

it('steers on change, each player along its own course', () => {
  const town = scenario('town-30');
  const wheel = new InputWheel(town);
  const sent: { player: number; heading: number; atMs: number }[] = [];
  for (let atMs = 0; atMs <= 20_000; atMs += 7) {
    wheel.advance(atMs, (player, heading) => sent.push({ player, heading, atMs }));
  }
  for (let player = 0; player < 30; player++) {
    const course = new Course(town, player);
    for (const turn of sent.filter((one) => one.player === player)) {
      expect(turn.heading).toBe(course.heading);
      expect(turn.atMs - course.atMs).toBeGreaterThanOrEqual(0);
      expect(turn.atMs - course.atMs).toBeLessThan(5 + 7);
      course.advance();
    }
    expect(course.atMs).toBeGreaterThan(20_000 - 7 - 5);
  }
});

it('steers everyone once a tick in input-20hz', () => {
  const wheel = new InputWheel(scenario('input-20hz-40'));
  const counts = new Array<number>(40).fill(0);
  wheel.advance(2_000, () => {});
  for (let atMs = 2_005; atMs <= 12_000; atMs += 5) {
    wheel.advance(atMs, (player) => {
      counts[player] = (counts[player] as number) + 1;
    });
  }
  expect(new Set(counts)).toEqual(new Set([200]));
});
