import { createLog, keepYoungSpaceSmall, Lifecycle, type Log, type LogLevel } from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';
import { openUntilSignal } from './open-until-signal.ts';

/** What a role is given to start with. */
export interface RoleStart {
  readonly life: Lifecycle;
  readonly log: Log;
  /** Ends the waiting for what is not there yet. */
  readonly signal: AbortSignal;
}

/** What a role says once it is open. */
export interface RoleOpen {
  readonly sentence: string;
  /** Of a gateway. */
  readonly url?: string;
}

export interface RoleRun<Options> {
  readonly role: 'backend' | 'zone' | 'gateway';
  readonly help: string;
  read(
    argv: readonly string[],
    environment: Environment,
  ): Options & { readonly logLevel: LogLevel; readonly name?: string };
  start(options: Options, start: RoleStart): Promise<RoleOpen>;
}

/** The world is kept when a zone stops, and that waits for its backend. */
const STOP_WITHIN_MS = 20_000;

/** One role as a process: open from when it has all that it needs until a signal. Returns the exit code. */
export async function runRole<Options>(
  run: RoleRun<Options>,
  argv: readonly string[],
  environment: Environment,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(run.help);
    return 0;
  }
  keepYoungSpaceSmall();
  const options = run.read(argv, environment);
  const log = createLog({ role: options.name ?? run.role, level: options.logLevel });
  const life = new Lifecycle();
  endWithParent();
  return openUntilSignal({ life, log, stopWithinMs: STOP_WITHIN_MS }, async (signal) => {
    const open = await run.start(options, { life, log, signal });
    console.log(open.sentence);
    process.send?.({ url: open.url });
  });
}

/** A supervisor that was killed leaves nobody behind. */
function endWithParent(): void {
  if (process.send === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // What is said to it keeps nobody running.
  process.channel?.unref();
}
