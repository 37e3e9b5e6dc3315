import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it('measures everything by default', () => {
  const options = parseOptions([]);
  if (options === null || typeof options === 'string') throw new Error('unreachable');
  expect(options.scenarios.map((scenario) => scenario.name)).toEqual([
    'town-1000',
    'town-5000',
    'storm-1000',
    'storm-5000',
    'input-20hz-1000',
    'town-10000',
  ]);
  expect(options).toMatchObject({ allScenarios: true, peers: ['ours', 'colyseus', 'floor'], rounds: 3, json: false });
});

it('takes scenarios of any size', () => {
  const options = parseOptions(['--scenario', 'town-200', '--scenario', 'input-20hz-50', '--json', '--peers', 'floor']);
  if (options === null || typeof options === 'string') throw new Error('unreachable');
  expect(options.scenarios.map((scenario) => [scenario.kind, scenario.players])).toEqual([
    ['town', 200],
    ['input-20hz', 50],
  ]);
  expect(options).toMatchObject({ allScenarios: false, peers: ['floor'], json: true });
});

it('says in a sentence what is wrong', () => {
  expect(parseOptions(['--scenario', 'town'])).toMatch(/unknown scenario 'town'/);
  expect(parseOptions(['--scenario', 'town-0'])).toMatch(/unknown scenario/);
  expect(parseOptions(['--rounds', '0'])).toBe("--rounds wants a whole number of at least 1, not '0'");
  expect(parseOptions(['--peers', 'theirs'])).toMatch(/unknown peer 'theirs'/);
  expect(parseOptions(['--nonsense'])).toMatch(/nonsense/);
  expect(parseOptions(['--help'])).toBeNull();
});
