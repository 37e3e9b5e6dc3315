import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Values of a statement: what the driver can write. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[];

/** One connection, or one transaction on it. */
export interface Sql {
  /** `text` with `$1`, `$2`...; never put together from what came from outside. Rows as objects by column name. */
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
}

/** A pool of connections to one database. int8 columns arrive as bigint. */
export interface Database extends Sql {
  /** All or nothing; begun anew when PostgreSQL asks for it (serialisation failure, deadlock), at most `attempts` times. */
  transaction<T>(work: (sql: Sql) => Promise<T>, options?: { readonly attempts?: number }): Promise<T>;
  /** A connection of its own, for LISTEN or a lock; to be released. */
  connection(): Promise<Sql & { release(): void; readonly client: pg.PoolClient }>;
  close(): Promise<void>;
}

/** The database cannot be asked now: nothing is known about what was asked last. Try again later. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

const CONNECT_MS = 5_000;
const IDLE_MS = 30_000;
/** A server that is told good-bye and does not hang up is left. */
const FAREWELL_MS = 1_000;
const AGAIN = new Set(['40001', '40P01']);
/**
 * SQLSTATEs that speak of the server and not of the statement: connection, a server that only reads (25006: a fail-over is under
 * way), resources, a statement that was cancelled or took too long (57014), shutdown, its disk.
 */
const UNREACHABLE = /^(08|25006|53|57014|57P|58)/;

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections?: number;
  /** How the connections show in pg_stat_activity. */
  readonly name?: string;
  /** A statement goes out before the one ahead of it on the same connection has been answered. */
  readonly pipeline?: boolean;
  /**
   * A statement without an answer after so long is given up, and its connection with it: a server that is stopped, or
   * behind a line that swallows everything, neither answers nor hangs up. Left out: waited for without end, as whoever
   * migrates or repairs has to.
   */
  readonly answerMs?: number;
}

/** Connects when first asked something. */
export function openDatabase({
  url,
  maxConnections = 8,
  name = 'lifeverse',
  pipeline = false,
  answerMs,
}: DatabaseOptions): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, BigInt);
  const pool = new pg.Pool({
    ...connectionOf(url),
    max: maxConnections,
    application_name: name,
    connectionTimeoutMillis: Math.min(CONNECT_MS, answerMs ?? CONNECT_MS),
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
    idleTimeoutMillis: IDLE_MS,
    types,
    pipeline,
  });
  // An idle connection that breaks is replaced when the next one is needed; who uses one hears of it by the statement.
  // Without a listener of its own, a connection that breaks while in use would end the process.
  pool.on('error', () => undefined);
  const open = new Set<pg.PoolClient>();
  pool.on('connect', (client) => {
    open.add(client);
    client.on('error', () => undefined).on('end', () => open.delete(client));
  });
  return {
    query: (text, values) => run(pool, text, values),
    transaction: (work, options) => transaction(pool, work, options?.attempts ?? 5),
    connection: async () => {
      const client = await connect(pool);
      return { client, ...lent(client) };
    },
    close: () => closePool(pool, open),
  };
}

/** A connection that is left open would keep the process from ending. */
async function closePool(pool: pg.Pool, open: ReadonlySet<pg.PoolClient>): Promise<void> {
  const ends = [...open].map((client) => new Promise((resolve) => client.once('end', resolve)));
  await Promise.race([Promise.all([pool.end(), ...ends]), sleep(FAREWELL_MS, undefined, { ref: false })]);
  // The driver has no other way to leave a server that does not answer.
  for (const client of open) (client as unknown as { connection: pg.Connection }).connection.stream.destroy();
}

/** One that broke, or did not answer, is not given to anybody else. */
function lent(client: pg.PoolClient): Sql & { release(): void } {
  let broken: Error | undefined;
  return {
    query: (text, values) =>
      run<never>(client, text, values).catch((error: unknown) => {
        if (error instanceof DatabaseUnreachable) broken = error;
        throw error;
      }),
    release: () => client.release(broken),
  };
}

/** The driver takes no socket's folder in an address. */
function connectionOf(url: string): pg.PoolConfig {
  const at = URL.parse(url);
  const host = at?.searchParams.get('host');
  if (at === null || host === null || host === undefined) return { connectionString: url };
  return {
    host,
    database: at.pathname.slice(1),
    user: at.searchParams.get('user') ?? at.username,
    ...(at.password === '' ? {} : { password: decodeURIComponent(at.password) }),
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw databaseError(error);
  }
}

async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly SqlValue[] = [],
): Promise<Row[]> {
  try {
    return (await on.query(text, values as unknown[])).rows as Row[];
  } catch (error) {
    throw databaseError(error);
  }
}

/** DatabaseUnreachable when the server did not answer, is about to go, or cannot do its work; else what it says against the statement. */
export function databaseError(error: unknown): unknown {
  // A fault of our own is not the server's.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  // What did not come from the server is about the way to it, whatever its code looks like (EPIPE has five letters too).
  const { code = '', message } = error as { code?: string; message?: string };
  if (!(error instanceof pg.DatabaseError) || UNREACHABLE.test(code))
    return error instanceof DatabaseUnreachable
      ? error
      : new DatabaseUnreachable(message ?? String(error), { cause: error });
  return error;
}

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>, attempts: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await connect(pool);
    let broken: Error | undefined;
    try {
      await run(client, 'BEGIN');
      const result = await work({ query: (text, values) => run(client, text, values) });
      await run(client, 'COMMIT');
      return result;
    } catch (error) {
      if (error instanceof DatabaseUnreachable) broken = error;
      else await run(client, 'ROLLBACK').catch((reason: Error) => (broken = reason));
      if (broken !== undefined || attempt >= attempts || !AGAIN.has((error as { code?: string }).code ?? ''))
        throw error;
    } finally {
      client.release(broken);
    }
  }
}
