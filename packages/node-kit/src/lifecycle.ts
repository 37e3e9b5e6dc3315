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
}

/** One press of Ctrl-C can arrive twice: from the terminal and from a parent process that passes it on. */
const SAME_PRESS_MS = 300;

/**
 * Waits for an interrupt or a request to terminate, stops everything, and gives the exit code: 0, or 1 when a part
 * failed to stop. A second signal, or `stopWithinMs` over, ends the process at once.
 */
export async function stopOnSignal(lifecycle: Lifecycle, options: SignalOptions): Promise<number> {
  const { log, stopWithinMs, exit } = options;
  let firstAtMs = 0;
  const stop = await new Promise<() => Promise<number>>((resolve) => {
    const onSignal = (): void => {
      if (firstAtMs === 0) {
        firstAtMs = performance.now();
        resolve(async () => {
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
            process.off('SIGINT', onSignal);
            process.off('SIGTERM', onSignal);
          }
        });
      } else if (performance.now() - firstAtMs > SAME_PRESS_MS) exit(130);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
  return stop();
}
