import {
  createLog,
  keepHeapSmall,
  Lifecycle,
  type Log,
  type OptionValues,
  optionsHelp,
  readOptions,
  startHealthServer,
  Waits,
} from '@lifeverse/node-kit';
import type { Environment } from '../database/options.ts';
import type { logOptions } from '../start/options.ts';
import type { busOptions } from './bus-options.ts';
import type { HealthOptions, healthOptions } from './health-options.ts';
import { openUntilSignal } from './open-until-signal.ts';
import { attachToParent, DRAIN_WITHIN_MS, hearParent, tellParent } from './parent.ts';
import { turned } from './turned.ts';

/** What a role is given to start with. */
export interface RoleStart {
  readonly life: Lifecycle;
  readonly log: Log;
  /** Ends the waiting for what is not there yet. */
  readonly signal: AbortSignal;
  /** Where it says what it waits for. */
  readonly waits: Waits;
  readonly environment: Environment;
}

/** What a role says once it is open. */
export interface RoleOpen {
  readonly sentence: string;
  /** Of a gateway. */
  readonly url?: string;
  /** Hands over what is held here, when it is to end; soon over after the signal. Left out: it holds nothing. */
  drain?(signal: AbortSignal): Promise<void>;
  /** Begins to, or takes it back, and runs on: whether it is drained by now. */
  turn?(isDrained: boolean): Promise<boolean>;
}

type RoleOptions = typeof busOptions & typeof healthOptions & typeof logOptions;

/** One of the roles of a cluster, each a command. */
interface Role<O extends RoleOptions> {
  readonly role: 'backend' | 'zone' | 'gateway';
  /** What it does, for its help. */
  readonly summary: string;
  readonly options: O;
  /** Throws a ConfigurationError when what was told does not go together. */
  check(options: OptionValues<O>): void;
  start(options: OptionValues<O>, start: RoleStart): Promise<RoleOpen>;
}

/** The world is kept when a zone stops, and that waits for its backend. */
const STOP_WITHIN_MS = 20_000;

/** One role as a process: open from when it has all that it needs until a signal. Returns the exit code. */
export async function runRole<O extends RoleOptions>(
  { role, summary, options: declared, check, start }: Role<O>,
  argv: readonly string[],
  environment: Environment,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(`lifeverse ${role} [options]: ${summary}\n\n${optionsHelp(declared)}`);
    return 0;
  }
  keepHeapSmall();
  const options = readOptions(declared, argv, environment);
  check(options);
  const told = options as OptionValues<RoleOptions> & { readonly name?: string | null };
  const log = createLog({ role: told.name ?? role, level: told.logLevel });
  const life = new Lifecycle();
  attachToParent();
  return openUntilSignal({ life, log, stopWithinMs: STOP_WITHIN_MS }, async (signal) => {
    const { waits, isOpen } = await answerHealth(told, life, log);
    const open = await start(options, { life, log, signal, waits, environment });
    await isOpen();
    console.log(open.sentence);
    tellParent({ kind: 'open', ...(open.url === undefined ? {} : { url: open.url }) });
    const { turn } = open;
    if (turn !== undefined) hearParent(async (word) => tellParent(await turned(word, turn, log)));
    return open.drain === undefined ? undefined : { run: open.drain, withinMs: DRAIN_WITHIN_MS };
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
