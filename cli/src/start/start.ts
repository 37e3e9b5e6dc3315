import { createLog, keepYoungSpaceSmall, Lifecycle, optionsHelp, readOptions, stopOnSignal } from '@lifeverse/node-kit';
import { startInOneThread } from './one-thread.ts';
import { checkTogether, startOptions } from './options.ts';
import { builtPage, givenPage } from './page-build.ts';
import { planServer } from './server-plan.ts';
import { startInThreads } from './threads.ts';
import { served, worldOptions } from './worlds.ts';

const STOP_WITHIN_MS = 5_000;

/** `lifeverse start`: opens a world and keeps it open until a signal. Returns the exit code. */
export async function runStart(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(startHelp());
    return 0;
  }
  keepYoungSpaceSmall();
  const options = readOptions(startOptions, argv, environment);
  checkTogether(options);
  const page = options.page === null ? await builtPage((line) => console.log(line)) : givenPage(options.page);
  const forRules = worldOptions(options);
  const world = await served(options.world, forRules);
  const plan = planServer(world, options, forRules, page);
  const log = createLog({ role: 'lifeverse', level: options.logLevel });
  const life = new Lifecycle();
  try {
    const url = await (options.threads ? startInThreads(plan, life, log) : startInOneThread(plan, world, life));
    console.log(`The world is open at ${url}`);
  } catch (error) {
    await life.stop();
    throw error;
  }
  return stopOnSignal(life, { log, stopWithinMs: STOP_WITHIN_MS, exit: (code) => process.exit(code) });
}

function startHelp(): string {
  return [
    'lifeverse start [options]: opens a world, to be played in a browser.',
    '',
    optionsHelp(startOptions),
    '',
    'Each option can be set in the environment too: --area-m2 is LIFEVERSE_AREA_M2. After "npm start", options follow "--".',
  ].join('\n');
}
