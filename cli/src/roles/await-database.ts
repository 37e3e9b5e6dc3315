import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnreachable, type Log, openDatabase } from '@lifeverse/node-kit';

const AGAIN_MS = 500;
const ANSWER_MS = 5_000;

/** Returns once the database answers, or refuses for a reason that waiting does not mend. Rejects when `signal` ends it. */
export async function awaitDatabase(url: string, log: Log, signal: AbortSignal): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1, answerMs: ANSWER_MS });
  let said = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        await database.query('SELECT');
        if (said) log.info('the database is there');
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnreachable)) return;
        if (!said) log.error({ reason: error.message }, 'the database is out of reach: this role waits for it');
        said = true;
      }
      await sleep(AGAIN_MS, undefined, { signal });
    }
  } finally {
    await database.close();
  }
}
