import { choice, flag, integer, optionalInteger } from '@lifeverse/node-kit';
import { plants } from './plants/index.ts';
import { worldNames } from './worlds/stage.ts';

/** What `npm run sim --` takes. */
export const simOptions = {
  seed: integer({ min: 0, max: 4_294_967_295, default: 1, sentence: 'What decides everything that happens.' }),
  seconds: integer({ min: 1, max: 1_000_000, default: 60, unit: 's', sentence: 'How much virtual time passes.' }),
  players: integer({ min: 1, max: 10_000, default: 100, sentence: 'How many play.' }),
  gateways: integer({ min: 1, max: 32, default: 2, sentence: 'Through how many gateways.' }),
  zones: integer({ min: 1, max: 64, default: 1, sentence: 'Among how many zones the world is shared.' }),
  world: choice({
    options: worldNames,
    default: 'open',
    sentence: 'Which world; yard uses all that a world may have.',
  }),
  flipInput: optionalInteger({
    min: 1,
    max: 1_000_000_000,
    sentence: 'The walk, counted over all players from 1, that goes the opposite way: shows that the hash notices.',
  }),
  plant: choice({
    options: ['none', ...plants.map(({ name }) => name)],
    default: 'none',
    sentence: 'A known bug to put in: shows that the checks find it.',
  }),
  json: flag({ sentence: 'The counts as one JSON object on the line before the last.' }),
} as const;
