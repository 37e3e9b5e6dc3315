import { isMainThread, parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';
import { ConfigurationError } from './config/read-options.ts';

/** What a role that runs in a thread of its own says to who started it. */
type Report =
  | { readonly kind: 'started'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface RunningThread<Result> {
  readonly result: Result;
  /** Asks the role to stop, and waits until its thread has ended. */
  stop(): Promise<void>;
}

export interface ThreadOptions {
  readonly setup: unknown;
  readonly transfer?: readonly Transferable[];
  /** The thread ended without having been asked to. */
  died(error: Error): void;
}

/** Starts a role's `main.ts` in a thread. Rejects with what it refused or failed with at its start. */
export function startThread<Result>(entry: URL, options: ThreadOptions): Promise<RunningThread<Result>> {
  const worker = new Worker(entry, { workerData: options.setup, transferList: [...(options.transfer ?? [])] });
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  return new Promise((resolve, reject) => {
    const died = (error: Error): void => {
      reject(error);
      if (!stopping) options.died(error);
      stopping = true;
    };
    worker.once('error', died);
    worker.once('exit', (code) => died(new Error(`the thread ended with code ${code}`)));
    worker.on('message', (report: Report) => {
      if (report.kind === 'started') {
        const stop = (): Promise<void> => {
          stopping = true;
          worker.postMessage('stop');
          return ended;
        };
        resolve({ result: report.result as Result, stop });
        return;
      }
      stopping = true;
      reject(report.kind === 'refused' ? new ConfigurationError(report.sentence) : report.error);
    });
  });
}

/** The other end: runs a role in this thread, from its setup until it is asked to stop. */
export async function runAsThread<Setup, Result>(
  start: (setup: Setup) => Promise<{ readonly result: Result; stop(): Promise<void> }>,
): Promise<void> {
  if (isMainThread || parentPort === null) throw new Error('this is started as a thread, not by itself');
  const port = parentPort;
  const say = (report: Report): void => port.postMessage(report);
  try {
    const role = await start(workerData as Setup);
    port.once('message', () => {
      role.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
    say({ kind: 'started', result: role.result });
  } catch (error) {
    say(error instanceof ConfigurationError ? { kind: 'refused', sentence: error.message } : { kind: 'failed', error });
    port.close();
  }
}
