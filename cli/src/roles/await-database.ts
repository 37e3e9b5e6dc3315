import { setTimeout as sleep } from 'node:timers/promises';
import { migrations } from '@lifeverse/backend/migrations';
import {
  Backoff,
  type Database,
  DatabaseUnreachable,
  migrationStatus,
  openDatabase,
  type Waits,
} from '@lifeverse/node-kit';
import { runningWorldDatabase, sentenceFor, type WorldDatabaseOptions } from '../database/world-database.ts';

export interface Waiting {
  readonly waits: Waits;
  /** Ends the waiting: it rejects. */
  readonly signal: AbortSignal;
}

const ANSWER_MS = 5_000;

/** Returns once the database answers. Throws a ConfigurationError when it refuses, which waiting does not mend. */
export function awaitDatabase(url: string, waiting: Waiting): Promise<void> {
  const answers = async (database: Database): Promise<null> => {
    await database.query('SELECT');
    return null;
  };
  return untilThere(() => objection(url, answers), waiting);
}

/**
 * Returns the address of a world's database once it is there, and a backend has brought its schema up to date. Throws as
 * `awaitDatabase` does, and when the schema is newer than this program.
 */
export async function awaitWorldDatabase({ data, own }: WorldDatabaseOptions, waiting: Waiting): Promise<string> {
  let found = '';
  await untilThere(async () => {
    const url = own ?? runningWorldDatabase(data);
    if (url === null) return `no database runs in ${data}`;
    found = url;
    return objection(url, async (database) => {
      const steps = await migrationStatus(database, migrations);
      return steps.some(({ appliedAt }) => appliedAt === null) ? 'its schema waits for a backend' : null;
    });
  }, waiting);
  return found;
}

/** `look`: why it is not there yet; null when it is. */
async function untilThere(look: () => Promise<string | null>, { waits, signal }: Waiting): Promise<void> {
  const backoff = new Backoff();
  for (;;) {
    signal.throwIfAborted();
    const reason = await look();
    if (reason === null) break;
    waits.begin('database', reason);
    await sleep(backoff.takeMs(), undefined, { signal });
  }
  waits.end('database');
}

async function objection(url: string, look: (database: Database) => Promise<string | null>): Promise<string | null> {
  const database = openDatabase({ url, maxConnections: 1, answerMs: ANSWER_MS });
  try {
    return await look(database);
  } catch (error) {
    if (error instanceof DatabaseUnreachable) return error.message;
    throw sentenceFor(error);
  } finally {
    await database.close();
  }
}
