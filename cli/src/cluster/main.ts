import { createLog, Lifecycle, optionsHelp, readOptions } from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';
import { openUntilSignal } from '../roles/open-until-signal.ts';
import { builtPage, givenPage } from '../start/page-build.ts';
import { Board } from './board.ts';
import { type RunningCluster, startCluster } from './cluster.ts';
import { checkCluster, clusterOptions } from './options.ts';
import { Screen } from './screen.ts';

/** Every member may take as long as it is given before it is killed. */
const STOP_WITHIN_MS = 120_000;
const TABLE_MS = 1_000;

/** `lifeverse cluster`: all roles as processes of this machine, kept running until a signal. Returns the exit code. */
export async function runCluster(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(clusterHelp());
    return 0;
  }
  const options = readOptions(clusterOptions, argv, environment);
  checkCluster(options);
  const startedMs = performance.now();
  const screen = new Screen(process.stdout);
  const told = (line: string): void => screen.line(line);
  const page = options.page === null ? await builtPage(told) : givenPage(options.page);
  const log = createLog({ role: 'supervisor', level: options.logLevel });
  const life = new Lifecycle();
  const listener = { told, logged: passOn(screen) };
  let cluster: RunningCluster | undefined;
  const code = await openUntilSignal({ life, log, stopWithinMs: STOP_WITHIN_MS }, async (signal) => {
    const started = await startCluster({ options, environment: { ...environment }, page, life, log, signal, listener });
    cluster = started;
    const board = new Board({ screen, json: options.json });
    await life.start('table', () => setInterval(() => draw(board, started, startedMs), TABLE_MS), clearInterval);
    told(`The world is open at ${started.urls.join(' and ')}`);
  });
  screen.table(() => []);
  if (options.json) console.log(JSON.stringify(account(cluster, performance.now() - startedMs)));
  return code;
}

function draw(board: Board, { watch, children }: RunningCluster, startedMs: number): void {
  const nowMs = performance.now();
  board.show(
    children().map((child) => watch.row(child, nowMs)),
    nowMs,
    nowMs - startedMs,
  );
}

/** A log is a log: where it is kept, lines go there as they are. */
function passOn(screen: Screen): (name: string, line: string) => void {
  if (process.stderr.isTTY) return (name, line) => screen.line(`${name}: ${line}`);
  return (_name, line) => console.error(line);
}

function account(cluster: RunningCluster | undefined, ranMs: number): object {
  const children = cluster?.children() ?? [];
  return { ran_ms: Math.round(ranMs), restarts: Object.fromEntries(children.map((it) => [it.name, it.restarts])) };
}

function clusterHelp(): string {
  return [
    'lifeverse cluster [options]: opens a world of several processes on this machine, and keeps them running.',
    '',
    optionsHelp(clusterOptions),
    '',
    'Each option can be set in the environment too: --area-m2 is LIFEVERSE_AREA_M2.',
  ].join('\n');
}
