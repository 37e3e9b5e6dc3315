import type { Log } from './log.ts';

interface Part {
  readonly name: string;
  stop(): Promise<void> | void;
}

/** What a process is made of, in the order in which it was started; stopped in reverse, each part once. */
export class Lifecycle {
  readonly #parts: Part[] = [];
  #stopping: Promise<void> | null = null;
  #current = '';

  /** Starts a part; when that fails, what was started before is left for `stop`. Returns the part. */
  async start<T>(name: string, start: () => Promise<T> | T, stop: (part: T) => Promise<void> | void): Promise<T> {
    const part = await start();
    this.#parts.push({ name, stop: () => stop(part) });
    return part;
  }

  /** The part that is being stopped; empty when none is. */
  get stoppingPart(): string {
    return this.#current;
  }

  /** Stops everything; a second call waits for the first. Rejects with the first failure, after all were stopped. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      this.#current = part.name;
      try {
        await part.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#current = '';
    if (failures.length > 0) throw failures[0];
  }
}

export interface SignalOptions {
  readonly log: Log;
  readonly stopWithinMs: number;
  /** Ends at once with this exit code; `process.exit` outside of tests. */
  readonly exit: (code: number) => void;
  /** What a request to terminate waits for before anything is stopped, and an interrupt does not. */
  readonly drain?: Drain;
}

export interface Drain {
  /** Hands over what is held here. Resolves when nothing is left, or no more can be done, and soon after the signal. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly withinMs: number;
}

/** One press of Ctrl-C can arrive twice: from the terminal and from a parent process that passes it on. */
const SAME_PRESS_MS = 300;

/**
 * Waits for an interrupt or a request to terminate, drains where that is asked for, stops everything, and gives the exit code: 0, or
 * 1 when a part failed to stop. Another signal ends the draining; one more, or `stopWithinMs` over, ends the process at once.
 */
export async function stopOnSignal(lifecycle: Lifecycle, options: SignalOptions): Promise<number> {
  const { drain, exit } = options;
  const first = Promise.withResolvers<void>();
  const draining = new AbortController();
  const now = { state: 'open' as 'open' | 'draining' | 'stopping', sinceMs: 0 };
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (now.state !== 'open' && nowMs - now.sinceMs <= SAME_PRESS_MS) return;
    now.sinceMs = nowMs;
    if (now.state === 'stopping') exit(INTERRUPTED);
    else if (now.state === 'draining') draining.abort();
    else now.state = signal === 'SIGTERM' && drain !== undefined ? 'draining' : 'stopping';
    first.resolve();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  await first.promise;
  if (now.state === 'draining' && drain !== undefined) await drained(drain, draining.signal, options.log);
  now.state = 'stopping';
  const code = await stopped(lifecycle, options);
  for (const signal of SIGNALS) process.off(signal, onSignal);
  return code;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a shell calls a program that was ended by Ctrl-C. */
const INTERRUPTED = 130;

async function drained({ run, withinMs }: Drain, given: AbortSignal, log: Log): Promise<void> {
  const late = AbortSignal.timeout(withinMs);
  try {
    await run(AbortSignal.any([given, late]));
  } catch (error) {
    log.error({ err: error }, 'what is held here could not be handed over');
  }
  if (late.aborted) log.warn({ withinMs }, 'not everything that is held here could be handed over in time');
}

async function stopped(lifecycle: Lifecycle, { log, stopWithinMs, exit }: SignalOptions): Promise<number> {
  const deadline = setTimeout(() => {
    log.error({ part: lifecycle.stoppingPart, stopWithinMs }, 'a part did not stop in time');
    exit(1);
  }, stopWithinMs);
  deadline.unref();
  try {
    await lifecycle.stop();
    return 0;
  } catch (error) {
    log.error({ err: error }, 'a part failed to stop');
    return 1;
  } finally {
    clearTimeout(deadline);
  }
}
