import { type Drain, type Lifecycle, type Log, stopOnSignal } from '@lifeverse/node-kit';

export interface OpenOptions {
  readonly life: Lifecycle;
  readonly log: Log;
  readonly stopWithinMs: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Opens what may have to wait for something first, and keeps it open until a signal, which ends the waiting too. What it gives is
 * what a request to terminate waits for. Returns the exit code; rejects when it cannot be opened.
 */
export async function openUntilSignal(
  { life, log, stopWithinMs }: OpenOptions,
  open: (signal: AbortSignal) => Promise<Drain | undefined>,
): Promise<number> {
  const waiting = new AbortController();
  const stopWaiting = (): void => waiting.abort();
  for (const signal of SIGNALS) process.once(signal, stopWaiting);
  let drain: Drain | undefined;
  try {
    drain = await open(waiting.signal);
  } catch (error) {
    await life.stop();
    if (!waiting.signal.aborted) throw error;
  }
  for (const signal of SIGNALS) process.off(signal, stopWaiting);
  if (!waiting.signal.aborted) {
    const exit = (code: number): void => process.exit(code);
    return stopOnSignal(life, { log, stopWithinMs, exit, ...(drain === undefined ? {} : { drain }) });
  }
  await life.stop();
  return 0;
}
