import type { Database, Log } from '@lifeverse/node-kit';
import type { Journal } from '../journal/index.ts';
import { Refunds } from './refunds.ts';

export interface RunningRefunds {
  readonly refunds: Refunds;
  stop(): Promise<void>;
}

const AGAIN_MS = 30_000;

/** Refunds, of which those are carried out first that were begun before a crash; and now and then what could not be. */
export function startRefunds(parts: {
  readonly database: Database;
  readonly journal: Journal;
  readonly log: Log;
}): RunningRefunds {
  const { database, journal, log } = parts;
  const refunds = new Refunds(database, journal);
  let resuming: Promise<void> | null = null;
  const resume = (): void => {
    resuming ??= refunds
      .resume()
      .then(
        (carriedOut) => {
          if (carriedOut > 0) log.info({ carriedOut }, 'refunds that had been begun are carried out');
        },
        (error: unknown) => log.warn({ err: error }, 'refunds that were begun wait: they are tried again'),
      )
      .finally(() => {
        resuming = null;
      });
  };
  resume();
  const timer = setInterval(resume, AGAIN_MS);
  return {
    refunds,
    stop: async () => {
      clearInterval(timer);
      await resuming;
    },
  };
}
