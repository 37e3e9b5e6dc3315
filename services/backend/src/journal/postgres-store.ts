import { type Database, DatabaseUnreachable, databaseError, openDatabase } from '@lifeverse/node-kit';
import type { Change } from './change.ts';
import { changeColumns } from './change-columns.ts';
import {
  type Ask,
  noArguments,
  readDecided,
  readEpochs,
  readHolders,
  readItems,
  readPayments,
  readPrices,
  readTrades,
  type Statement,
  statements,
} from './postgres-reads.ts';
import { type HolderRow, type JournalStore, NotSent, type Reading, type Wants, type Written } from './store.ts';

const BLOCK_IDS = 100_000;
/** Of names whose ids are kept; they never change. */
const NAMES_MAX = 500_000;
/** What says that someone else was there before: our own SQLSTATE, a key or row that exists, a deadlock, a lock's time. */
const STALE = new Set(['LV001', '23505', '40P01', '40001', '55P03']);
const LOCK_TIMEOUT = '5s';
const ANSWER_MS = 10_000;

type Connection = Awaited<ReturnType<Database['connection']>>;

/** Counts for those who watch, and for tests. */
export interface StoreCounts {
  stale: number;
  deadlocks: number;
}

const PREPARED = 'journal_write';
const COLUMNS = changeColumns({
  fences: [],
  operations: [],
  entries: [],
  moves: [],
  refunds: [],
  trades: [],
  items: [],
  accounts: [],
  checks: { accounts: [], items: [], trades: [] },
});
const WRITE = `SELECT journal_write(${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})`;

/** The journal in PostgreSQL. It has connections of its own: one that reads, one that writes. */
export class PostgresStore implements JournalStore {
  readonly counts: StoreCounts = { stale: 0, deadlocks: 0 };
  readonly #reads: Line;
  readonly #writes: Line;
  readonly #ids = new Map<string, number>();
  readonly #operationIds: IdBlock;
  readonly #itemIds: IdBlock;

  /** `answerMs`: a database that is silent for so long cannot be reached; above the time that locks are waited for. */
  constructor(url: string, answerMs = ANSWER_MS) {
    const reads = { url, answerMs, maxConnections: 1, pipeline: true, name: 'lifeverse journal reads' };
    this.#reads = new Line(openDatabase(reads), async (connection) => {
      for (const setting of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'])
        await connection.query(`SET ${setting} = off`);
      await connection.query('SET plan_cache_mode = force_generic_plan');
      // Statements are prepared before several of one are under way.
      for (const name of Object.keys(statements) as Statement[])
        await connection.client.query({ name, text: statements[name], values: noArguments(name) });
    });
    const writes = { url, answerMs, maxConnections: 1, pipeline: true, name: 'lifeverse journal writes' };
    this.#writes = new Line(openDatabase(writes), async (connection) => {
      await connection.query('SET synchronous_commit = on');
      await connection.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
      await connection.client.query({ name: PREPARED, text: WRITE, values: COLUMNS });
    });
    this.#operationIds = new IdBlock(() => this.#block('operation_blocks'));
    this.#itemIds = new IdBlock(() => this.#block('item_blocks'));
  }

  async read(wants: Wants): Promise<Reading> {
    const { requests } = wants;
    const asked = wants.lookUp ? requests : [];
    const unnamed = asked.filter(({ holder }) => !this.#ids.has(holder)).map(({ holder }) => holder);
    const [holders, items, trades, prices, payments, epochs, firstOperationId, firstItemId] = await Promise.all([
      this.#holders([...new Set([...wants.holders, ...unnamed])], []),
      readItems(this.#ask, wants.items),
      readTrades(this.#ask, wants.trades),
      readPrices(this.#ask, wants.deals),
      readPayments(this.#ask, wants.payments),
      readEpochs(this.#ask, wants.zones),
      this.#operationIds.take(requests.length),
      this.#itemIds.take(wants.itemIds),
    ]);
    const onTables = trades.flatMap(({ oneGives, otherGives }) => [...oneGives.items, ...otherGives.items]);
    const [decided, sides, tradeItems] = await Promise.all([
      readDecided(this.#ask, asked, (name) => this.#ids.get(name)),
      this.#holders([], [...new Set(trades.flatMap(({ one, other }) => [one, other]))]),
      readItems(this.#ask, onTables),
    ]);
    return {
      decided,
      holders: [...holders, ...sides],
      items: [...items, ...tradeItems],
      trades,
      prices,
      payments,
      epochs,
      firstOperationId,
      firstItemId,
    };
  }

  async write(change: Change): Promise<Written> {
    const values = changeColumns(change);
    const connection = await this.#writes.open().catch((error: unknown) => {
      throw error instanceof DatabaseUnreachable ? new NotSent(error.message, { cause: error }) : error;
    });
    try {
      await connection.client.query({ name: PREPARED, text: WRITE, values });
      return 'done';
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (!STALE.has(code)) throw this.#writes.failed(connection, error);
      this.counts.stale++;
      if (code === '40P01') this.counts.deadlocks++;
      return 'stale';
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#reads.close(), this.#writes.close()]);
  }

  readonly #ask: Ask = async <Row extends object>(name: Statement, values: readonly Buffer[]) => {
    const connection = await this.#reads.open();
    try {
      return (await connection.client.query({ name, text: statements[name], values: [...values] })).rows as Row[];
    } catch (error) {
      throw this.#reads.failed(connection, error);
    }
  };

  async #holders(names: readonly string[], ids: readonly number[]): Promise<HolderRow[]> {
    const found = await readHolders(this.#ask, names, ids);
    if (this.#ids.size > NAMES_MAX) this.#ids.clear();
    for (const { id, name } of found) this.#ids.set(name, id);
    return found;
  }

  async #block(sequence: 'operation_blocks' | 'item_blocks'): Promise<number> {
    const connection = await this.#reads.open();
    try {
      const [row] = await connection.query<{ block: bigint }>(`SELECT nextval('${sequence}') AS block`);
      return Number(row?.block) * BLOCK_IDS;
    } catch (error) {
      throw this.#reads.failed(connection, error);
    }
  }
}

/** Consecutive ids that nobody else has: a block of them at a time from a sequence, so that each costs nothing. */
class IdBlock {
  #next = 0;
  #end = 0;
  readonly #fetch: () => Promise<number>;

  constructor(fetch: () => Promise<number>) {
    this.#fetch = fetch;
  }

  async take(count: number): Promise<number> {
    while (this.#next + count > this.#end) {
      const first = await this.#fetch();
      this.#next = first;
      this.#end = first + BLOCK_IDS;
    }
    this.#next += count;
    return this.#next - count;
  }
}

/** One connection, opened when it is needed and again after it broke. */
class Line {
  readonly #database: Database;
  readonly #prepare: (connection: Connection) => Promise<unknown>;
  #opening: Promise<Connection> | null = null;
  #current: Connection | null = null;

  constructor(database: Database, prepare: (connection: Connection) => Promise<unknown>) {
    this.#database = database;
    this.#prepare = prepare;
  }

  open(): Promise<Connection> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<Connection> {
    try {
      const connection = await this.#database.connection();
      // What is under way on it is rejected; what comes next does not go out on it to nobody.
      connection.client.on('error', (error) => this.failed(connection, error)).on('end', () => this.#gone(connection));
      try {
        await this.#prepare(connection);
      } catch (error) {
        connection.client.release(true);
        throw error;
      }
      this.#current = connection;
      return connection;
    } catch (error) {
      this.#opening = null;
      throw databaseError(error);
    }
  }

  /** The error to reject with; a connection that broke is given up, and the next one who asks opens another. */
  failed(connection: Connection, error: unknown): unknown {
    const reason = databaseError(error);
    if (reason instanceof DatabaseUnreachable) this.#gone(connection);
    return reason;
  }

  #gone(connection: Connection): void {
    if (this.#current !== connection) return;
    this.#current = null;
    this.#opening = null;
    connection.client.release(true);
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    this.#current = null;
    await opening?.then(
      (connection) => connection.release(),
      () => undefined,
    );
    await this.#database.close();
  }
}
