import { flag, integer, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { trialMain } from '../trial/trial-main.ts';
import { soak } from './soak.ts';
import { HEAP_MIB_PER_MIN_MOST, RSS_MIB_PER_MIN_MOST, SKIPPED_SHARE_MOST, soakObjections } from './soak-verdict.ts';

const soakOptions = {
  minutes: integer({ min: 1, max: 10_080, default: 10, unit: 'min', sentence: 'How long players come and go.' }),
  players: integer({
    min: 1,
    max: 10_000,
    default: 250,
    sentence: 'How many of them there are; four fifths are there at a time.',
  }),
  residents: integer({ min: 0, max: 5_000, default: 200, sentence: 'How many people live in the town.' }),
  seed: integer({ min: 0, max: 0xffff_ffff, default: 1, sentence: 'Of all chance in it.' }),
  json: flag({ sentence: 'Writes the figures as one JSON object on the last line of standard output.' }),
} as const;

const help = `npm run soak -- [options]: a town whose players come and go for long, and what becomes of its memory.

${optionsHelp(soakOptions)}

Memory is judged once warm, by its slope: resident ${RSS_MIB_PER_MIN_MOST} MiB a minute at most, and ${HEAP_MIB_PER_MIN_MOST} of what is alive in the heap
when all garbage is gone. Nobody may be cut off or meet an error, at most ${SKIPPED_SHARE_MOST * 1_000} tick in 1,000 be skipped, and when
all have left nothing of them may be left. Exit code 1 when anything fails.`;

await trialMain(
  {
    help,
    run: async (argv, progress) => {
      const options = readOptions(soakOptions, argv, {});
      return { figures: await soak({ ...options, progress }), json: options.json };
    },
    objections: soakObjections,
    none: 'unknown',
  },
  process.argv.slice(2),
);
