import { optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { Driver } from './driver.ts';
import { Interruption } from './interruption.ts';
import { LoadProblem } from './load-problem.ts';
import { type LoadOutcome, LoadRun } from './load-run.ts';
import { type LoadOptions, loadOptions, playerCount } from './options.ts';
import { reportTable } from './report.ts';
import { servedWorld } from './served-world.ts';
import { followersOf } from './trace/follower.ts';
import { readTrace } from './trace/read-trace.ts';

const help = `lifeverse load: players of the real protocol on a running server, and how they fare.

  npx lifeverse load --url http://127.0.0.1:8080 --players 1000 --seconds 30

${optionsHelp(loadOptions)}

Ctrl-C reports what was measured so far.`;

/**
 * Returns the exit code: 1 when trace or server are no good, said in one sentence. Throws a ConfigurationError for
 * options that are none.
 */
export async function runLoad(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(help);
    return 0;
  }
  try {
    return await load(readOptions(loadOptions, argv, {}));
  } catch (error) {
    if (!(error instanceof LoadProblem)) throw error;
    console.error(`lifeverse: ${error.message}`);
    return 1;
  }
}

async function load(options: LoadOptions): Promise<number> {
  const trace = options.trace === null ? null : await readTrace(options.trace);
  const players = playerCount(options, trace === null ? null : trace.tracks.length);
  const server = new URL(options.url.endsWith('/') ? options.url : `${options.url}/`);
  const served = await servedWorld(server);
  const followers: readonly Driver[] | null = trace === null ? null : followersOf(trace, served.world, players);
  const interruption = new Interruption();
  try {
    const outcome = await new LoadRun({ options, server, served, players, followers }).run(interruption);
    show(outcome, options.json);
    if (outcome.report.joined > 0 || interruption.happened) return 0;
    console.error('lifeverse: Nobody could join.');
    return 1;
  } finally {
    interruption.end();
  }
}

function show({ report, notes, remarks }: LoadOutcome, json: boolean): void {
  for (const remark of remarks) console.error(remark);
  console.log(json ? JSON.stringify(report) : reportTable(report, notes));
}
