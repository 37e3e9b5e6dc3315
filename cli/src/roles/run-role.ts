import {
  createLog,
  keepYoungSpaceSmall,
  Lifecycle,
  type Log,
  type LogLevel,
  startHealthServer,
  Waits,
} from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';
import type { HealthOptions } from './health-options.ts';
import { openUntilSignal } from './open-until-signal.ts';

/** What a role is given to start with. */
export interface RoleStart {
  readonly life: Lifecycle;
  readonly log: Log;
  /** Ends the waiting for what is not there yet. */
  readonly signal: AbortSignal;
  /** Where it says what it waits for. */
  readonly waits: Waits;
}

/** What a role says once it is open. */
export interface RoleOpen {
  readonly sentence: string;
  /** Of a gateway. */
  readonly url?: string;
}

/** What every role is told. */
export interface RoleSettings extends HealthOptions {
  readonly logLevel: LogLevel;
  readonly name?: string;
}

export interface RoleRun<Options> {
  readonly role: 'backend' | 'zone' | 'gateway';
  readonly help: string;
  read(argv: readonly string[], environment: Environment): Options & RoleSettings;
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
    const { waits, isOpen } = await answerHealth(options, life, log);
    const open = await run.start(options, { life, log, signal, waits });
    await isOpen();
    console.log(open.sentence);
    process.send?.({ url: open.url });
  });
}

/** From the very start, for who looks after this process; ready from `isOpen` until it stops. */
async function answerHealth(
  { healthPort: port, healthHost: host }: HealthOptions,
  life: Lifecycle,
  log: Log,
): Promise<{ waits: Waits; isOpen(): Promise<void> }> {
  const waits = new Waits(log);
  let standing = 'it is being started';
  waits.look(() => (standing === '' ? null : { what: 'start', why: standing }));
  if (port !== null) {
    const { url } = await life.start(
      'health',
      () => startHealthServer({ host, port }, waits),
      (it) => it.stop(),
    );
    log.info({ url }, 'whether this role is ready is answered here');
  }
  const open = (): void => {
    standing = '';
  };
  const close = (): void => {
    standing = 'it is being stopped';
  };
  return { waits, isOpen: () => life.start('readiness', open, close) };
}

/** A supervisor that was killed leaves nobody behind. */
function endWithParent(): void {
  if (process.send === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // What is said to it keeps nobody running.
  process.channel?.unref();
}
