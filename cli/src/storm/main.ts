import { flag, integer, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { trialMain } from '../trial/trial-main.ts';
import { storm } from './storm.ts';
import { BACK_WITHIN_S, stormObjections } from './storm-verdict.ts';

const stormOptions = {
  players: integer({ min: 1, max: 20_000, default: 5_000, sentence: 'How many are in the world when it happens.' }),
  areaM2: integer({ min: 10_000, max: 1_000_000_000, default: 4_000_000, unit: 'm2', sentence: 'Size of the plain.' }),
  threads: flag({ sentence: 'Gives zone and gateway a thread each.' }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of all chance in it.' }),
  json: flag({ sentence: 'Writes the figures as one JSON object on the last line of standard output.' }),
} as const;

const help = `npm run storm -- [options]: a full world whose server is killed and started again, and how its players come back.

${optionsHelp(stormOptions)}

All must be back within ${BACK_WITHIN_S} s of the kill, and the database never have more connections than it takes. Exit code 1 when anything fails.`;

await trialMain(
  {
    help,
    run: async (argv, progress) => {
      const options = readOptions(stormOptions, argv, {});
      return { figures: await storm({ ...options, progress }), json: options.json };
    },
    objections: stormObjections,
    none: 'never',
  },
  process.argv.slice(2),
);
