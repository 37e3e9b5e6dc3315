import { join } from 'node:path';
import { type Database, openDatabase } from './database.ts';
import { runningServerUrl } from './embedded-server.ts';

/** Reaches behind a server that runs on that folder of a world, into its database. */
export async function behind<T>(data: string, work: (database: Database) => Promise<T>): Promise<T> {
  const url = runningServerUrl(join(data, 'postgres'));
  if (url === null) throw new Error(`no server runs on ${data}`);
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
