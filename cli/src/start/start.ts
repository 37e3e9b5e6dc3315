import { createLog, keepHeapSmall, Lifecycle, optionsHelp, readOptions, stopOnSignal } from '@lifeverse/node-kit';
import { type Environment, ownDatabase } from '../database/options.ts';
import { startWorldDatabase } from '../database/world-database.ts';
import { leaveOperatorToken } from '../operator/operator-token.ts';
import { readProviders } from './oidc-providers.ts';
import { startInOneThread } from './one-thread.ts';
import { checkTogether, startOptions } from './options.ts';
import { builtPage, givenPage } from './page-build.ts';
import { planServer } from './server-plan.ts';
import { startInThreads } from './threads.ts';
import { served, worldOptions } from './worlds.ts';

/** The database writes out what it has in memory. */
const STOP_WITHIN_MS = 20_000;

/** `lifeverse start`: opens a world and keeps it open until a signal. Returns the exit code. */
export async function runStart(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(startHelp());
    return 0;
  }
  keepHeapSmall();
  const options = readOptions(startOptions, argv, environment);
  checkTogether(options);
  const providers = options.oidcProviders === null ? [] : readProviders(options.oidcProviders, environment);
  const page = options.page === null ? builtPage(say) : Promise.resolve(givenPage(options.page));
  // What goes wrong with it is told where it is waited for.
  page.catch(() => undefined);
  const forRules = worldOptions(options);
  const world = await served(options.world, forRules);
  const log = createLog({ role: 'lifeverse', level: options.logLevel });
  const life = new Lifecycle();
  const own = ownDatabase(options.databaseUrl, environment);
  let url: string;
  try {
    const databaseUrl = await startWorldDatabase({ data: options.data, own }, life, log, say);
    const data = own === null ? options.data : null;
    const plan = planServer({ served: world, options, forRules, assets: await page, databaseUrl, data, providers });
    url = await (options.threads ? startInThreads(plan, life, log) : startInOneThread(plan, world, life));
    await life.start(
      'operator',
      () => leaveOperatorToken(Number(new URL(url).port), plan.backend.operatorToken),
      (takeAway) => takeAway(),
    );
  } catch (error) {
    await life.stop();
    throw error;
  }
  const stopped = stopOnSignal(life, { log, stopWithinMs: STOP_WITHIN_MS, exit: (code) => process.exit(code) });
  // Whoever reads this may end it at once, and cleanly.
  say(`The world is open at ${url}`);
  return stopped;
}

function say(line: string): void {
  console.log(line);
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
