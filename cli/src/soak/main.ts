import { ConfigurationError, flag, integer, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { soak } from './soak.ts';
import {
  HEAP_MIB_PER_MIN_MOST,
  RSS_MIB_PER_MIN_MOST,
  SKIPPED_SHARE_MOST,
  type SoakFigures,
  soakObjections,
} from './soak-verdict.ts';

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

async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(help);
    return 0;
  }
  const options = readOptions(soakOptions, argv, {});
  const figures = await soak({ ...options, progress: (what) => process.stderr.write(`${what}\n`) });
  const objections = soakObjections(figures);
  console.log(table(figures));
  for (const what of objections) console.log(`FAILED: ${what}`);
  const ok = objections.length === 0;
  if (options.json) console.log(JSON.stringify({ ...figures, ok, objections }));
  return ok ? 0 : 1;
}

function table(figures: SoakFigures): string {
  const rows = Object.entries(figures).map(([name, value]) => [name.replaceAll('_', ' '), String(value ?? 'unknown')]);
  const width = Math.max(...rows.map(([name]) => (name as string).length));
  return rows.map(([name, value]) => `  ${(name as string).padEnd(width)}  ${value}`).join('\n');
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
