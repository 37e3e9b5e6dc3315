import { ConfigurationError, flag, integer, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { storm } from './storm.ts';
import { BACK_WITHIN_S, type StormFigures, stormObjections } from './storm-verdict.ts';

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

async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(help);
    return 0;
  }
  const options = readOptions(stormOptions, argv, {});
  const figures = await storm({ ...options, progress: (what) => process.stderr.write(`${what}\n`) });
  const objections = stormObjections(figures);
  console.log(table(figures));
  for (const what of objections) console.log(`FAILED: ${what}`);
  const ok = objections.length === 0;
  if (options.json) console.log(JSON.stringify({ ...figures, ok, objections }));
  return ok ? 0 : 1;
}

function table(figures: StormFigures): string {
  const rows = Object.entries(figures).map(([name, value]) => [name.replaceAll('_', ' '), String(value ?? 'never')]);
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
