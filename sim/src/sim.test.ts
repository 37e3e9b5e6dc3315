import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plants } from './plants/index.ts';
import { violationLine } from './report/report.ts';
import { search } from './search/search.ts';
import { type Settings, simulate } from './simulation.ts';

const small: Settings = {
  seed: 1,
  seconds: 30,
  players: 30,
  gateways: 2,
  zones: 1,
  world: 'open',
  flipInput: null,
  plant: null,
};

describe('a run', () => {
  it('is decided by its seed: the same twice, another with another', () => {
    const once = simulate(small);
    expect(simulate(small).hash).toBe(once.hash);
    expect(once.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(simulate({ ...small, seed: 2 }).hash).not.toBe(once.hash);
  });

  it('is another when one input is', () => {
    expect(simulate({ ...small, flipInput: 20 }).hash).not.toBe(simulate(small).hash);
  });

  it.each([
    { world: 'open', seed: 3, players: 60, seconds: 40 },
    { world: 'yard', seed: 4, players: 40, seconds: 40 },
    { world: 'yard', seed: 5, players: 40, seconds: 40 },
    { world: 'yard', seed: 6, players: 40, seconds: 40, gateways: 3 },
    { world: 'town', seed: 7, players: 20, seconds: 20 },
    // The zone has forgotten a gateway's newest life and listens, for a moment, to the one before it.
    { world: 'yard', seed: 10_251, players: 40, seconds: 25 },
  ] as const)('of $seconds s in the world $world with seed $seed holds all that must hold', (settings) => {
    const { violation, tally } = simulate({ ...small, ...settings });
    expect(violation).toBeNull();
    for (const looked of [
      'replicas compared',
      'shown positions',
      'predictions',
      'clocks',
      'acknowledgements',
      'checkpoints',
    ]) {
      expect([looked, tally.of(`checks: ${looked}`) > 0]).toEqual([looked, true]);
    }
  });
});

describe('a run of several zones', () => {
  it.each([
    { world: 'open', zones: 2, seed: 7, players: 30, seconds: 20 },
    { world: 'yard', zones: 4, seed: 2, players: 40, seconds: 25, gateways: 3 },

    { world: 'yard', zones: 4, seed: 4, players: 40, seconds: 25, gateways: 3 },
  ] as const)(
    'of $seconds s in $zones zones of the world $world with seed $seed holds all that must hold',
    (settings) => {
      const { violation, tally, faults } = simulate({ ...small, ...settings });
      expect(violation).toBeNull();
      expect(faults).toBeGreaterThanOrEqual(5);
      for (const looked of [
        'handovers of who walks',
        'checks: crossings',
        'checks: presence',
        'checks: replicas compared',
      ])
        expect([looked, tally.of(looked) > 10]).toEqual([looked, true]);
    },
  );

  it('has failed when nobody went from one to the other', () => {
    const { violation } = simulate({ ...small, seed: 2, players: 1, seconds: 1, zones: 2 });
    expect(violation?.check).toBe('players cross');
  });

  it('is searched seed by seed, and the first that does not hold is told with how to see it again', () => {
    const { seed: _, ...rest } = { ...small, players: 2, seconds: 1, zones: 2 };
    const { runs, violation } = search(rest, { from: 3, seeds: 4 });
    expect(runs).toBe(0);
    expect(violation).toContain('npm run sim -- --seed 3 --seconds 1 --players 2 --gateways 2 --zones 2 --world open');
  });
});

describe('a planted bug', () => {
  it('stands in the list of the README, each with its sentence', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    for (const { name, sentence } of plants) expect(readme).toContain(`| \`${name}\` | ${sentence} |`);
  });

  const SEEDS = 10;

  it.each(plants.filter(({ slow }) => slow !== true))('$name is found', (plant) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { zones = 1 } = plant;
      const settings: Settings = { ...small, seed, seconds: 45, players: 40, zones, world: 'yard', plant };
      const outcome = simulate(settings);
      if (outcome.violation === null) continue;
      expect(plant.foundBy, outcome.violation.what).toContain(outcome.violation.check);
      expect(violationLine(outcome, settings)).toContain(`npm run sim -- --seed ${seed} `);
      return;
    }
    expect.fail(`${plant.name} was not found with ${SEEDS} seeds`);
  });
});
