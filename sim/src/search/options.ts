import { choice, flag, integer } from '@lifeverse/node-kit';
import { plants } from '../plants/index.ts';
import { worldNames } from '../worlds/stage.ts';

/** What `npm run sim -- --scenario cluster` takes. */
export const clusterOptions = {
  seeds: integer({ min: 1, max: 100_000_000, default: 1_000, sentence: 'How many runs there are, each by its seed.' }),
  from: integer({ min: 0, max: 4_294_967_295, default: 1, sentence: 'The first seed; the others follow it.' }),
  seconds: integer({ min: 60, max: 1_000_000, default: 60, unit: 's', sentence: 'How much virtual time a run has.' }),
  players: integer({ min: 1, max: 10_000, default: 200, sentence: 'How many play.' }),
  gateways: integer({ min: 3, max: 32, default: 3, sentence: 'Through how many gateways.' }),
  zones: integer({ min: 4, max: 64, default: 4, sentence: 'Among how many zones the world is shared.' }),
  world: choice({
    options: worldNames,
    default: 'yard',
    sentence: 'Which world; yard uses all that a world may have.',
  }),
  plant: choice({
    options: ['none', ...plants.map(({ name }) => name)],
    default: 'none',
    sentence: 'A known bug to put in: shows that the checks find it.',
  }),
  json: flag({ sentence: 'The counts as one JSON object on the last line.' }),
} as const;
