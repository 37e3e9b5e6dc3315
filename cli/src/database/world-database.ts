import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrations } from '@lifeverse/backend/migrations';
import {
  ConfigurationError,
  type Database,
  DatabaseUnreachable,
  keepServer,
  type Lifecycle,
  type Log,
  migrate,
  migrationStatus,
  openDatabase,
  runningServerUrl,
  type Sql,
  startEmbeddedServer,
} from '@lifeverse/node-kit';

export interface WorldDatabaseOptions {
  readonly data: string;
  /** The operator's own database; null: the one that comes along. */
  readonly own: string | null;
}

export interface StartedDatabaseOptions extends WorldDatabaseOptions {
  /** Throws when it is not to be used, before anything in it is changed. */
  check?(sql: Sql): Promise<void>;
}

/** Brings up the database of a world, its schema up to date, for as long as `life`. Returns its address. */
export async function startWorldDatabase(
  { data, own, check }: StartedDatabaseOptions,
  life: Lifecycle,
  log: Log,
  progress: (line: string) => void,
): Promise<string> {
  const first = (): void => progress(`Setting up the database in ${data} ...`);
  const url =
    own ??
    (
      await life.start(
        'database',
        () => keepServer({ folder: serverFolder(data), log, first }),
        (server) => server.stop(),
      )
    ).url;
  const applied = await using(url, async (database) => {
    await check?.(database);
    return migrate(database, migrations);
  });
  if (applied.length > 0) log.debug({ migrations: applied.map(({ name }) => name) }, 'the schema was brought forward');
  return url;
}

/**
 * For a command that looks into a world's database: the server that runs on it is asked when there is one, and else
 * started for as long as that takes. Throws a ConfigurationError when there is none.
 */
export async function withWorldDatabase<T>(
  { data, own }: WorldDatabaseOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (own !== null) return using(own, work);
  if (!existsSync(serverFolder(data)))
    throw new ConfigurationError(`There is no data of a world in ${resolve(data)}: name its folder with --data.`);
  const running = runningWorldDatabase(data);
  if (running !== null) return using(running, work);
  const server = await startEmbeddedServer({ folder: serverFolder(data) });
  try {
    return await using(server.url, work);
  } finally {
    await server.stop();
  }
}

/** For who only looks, which changes nothing, the schema neither. Throws a ConfigurationError when it is older than this program. */
export async function checkSchema(database: Database): Promise<void> {
  const steps = await migrationStatus(database, migrations);
  if (steps.some(({ appliedAt }) => appliedAt === null))
    throw new ConfigurationError(
      'The schema of the database is older than this program: "lifeverse db migrate" brings it forward.',
    );
}

/** The address of the server that another process runs on a world's data; null when none does. */
export function runningWorldDatabase(data: string): string | null {
  return runningServerUrl(serverFolder(data));
}

function serverFolder(data: string): string {
  return join(data, 'postgres');
}

async function using<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url, maxConnections: 2 });
  try {
    return await work(database);
  } catch (error) {
    throw sentenceFor(error);
  } finally {
    await database.close();
  }
}

/** By SQLSTATE: nobody is let in, there is no such database, a table was in use for too long. */
export function sentenceFor(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message: string };
  if (error instanceof DatabaseUnreachable || /^(28|3D)/.test(code))
    return new ConfigurationError(`The database cannot be used: ${message.split('\n')[0]}.`);
  if (code === '55P03')
    return new ConfigurationError('A migration would have held up those who play: a table was in use; try again.');
  return error;
}
