import { openDatabase } from '../postgres/database.ts';
import { ServerTime, type TimeOptions } from './server-time.ts';

const ANSWER_MS = 1_000;

/** The time of the world whose database that is; `stop` ends it. Waits for the database. */
export async function openDatabaseTime(url: string, options: TimeOptions): Promise<ServerTime> {
  const database = openDatabase({ url, maxConnections: 1, name: 'lifeverse-time', answerMs: ANSWER_MS });
  const ask = async () => {
    const [row] = await database.query<{ ms: number }>('SELECT world_time_ms() AS ms');
    return { serverMs: row?.ms ?? Number.NaN, uncertaintyMs: 0 };
  };
  try {
    return await ServerTime.start(ask, options, () => database.close());
  } catch (error) {
    await database.close();
    throw error;
  }
}
