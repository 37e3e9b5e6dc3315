import { randomUUID } from 'node:crypto';
import { type Database, openDatabase, type Sql } from '@lifeverse/node-kit';

export interface ZoneLeasesOptions {
  /** Its schema is up to date. */
  readonly databaseUrl: string;
  /** What the operator calls this server. */
  readonly server: string;
  readonly version: string;
  /** Where it stands; empty: nobody has said. */
  readonly region: string;
  readonly leaseMs: number;
  readonly marginMs: number;
  /** How long the answer to a renewal is waited for. */
  readonly answerMs: number;
}

export interface Renewal {
  /** Servers that have a lease besides. */
  readonly others: readonly string[];
  readonly zones: readonly { readonly zone: number; readonly epoch: number }[];
}

/** The new epoch, or who has the zone. */
export type Taking =
  | { readonly epoch: number }
  | { readonly holder: string; readonly until: Date; readonly freeInMs: number };

interface TakingRow {
  readonly taken_epoch: bigint | null;
  readonly holder: string;
  readonly held_until: Date;
  readonly free_in_ms: number;
}

/** For what happens once, when a server starts or stops. */
const PATIENCE_MS = 5_000;

/** The lease of one zone server, as the database has it: `0010-ownership.sql` says what each function does. */
export class ZoneLeases {
  readonly #options: ZoneLeasesOptions;
  readonly #renewals: Database;
  readonly #database: Database;
  readonly #id = randomUUID();

  constructor(options: ZoneLeasesOptions) {
    const { databaseUrl: url, answerMs } = options;
    const own = { url, maxConnections: 1, name: 'lifeverse-zone' };
    this.#options = options;
    this.#renewals = openDatabase({ ...own, answerMs });
    this.#database = openDatabase({ ...own, answerMs: PATIENCE_MS });
  }

  async grant(): Promise<Renewal | null> {
    const { server, version, region, leaseMs, marginMs } = this.#options;
    const values = [server, this.#id, version, region, leaseMs, marginMs];
    await this.#database.query('SELECT grant_lease($1, $2, $3, $4, $5, $6)', values);
    return this.#renewed(this.#database);
  }

  /** Null: this server's name is another's by now. */
  renew(): Promise<Renewal | null> {
    return this.#renewed(this.#renewals);
  }

  async take(zone: number): Promise<Taking> {
    const [row] = await this.#database.query<TakingRow>('SELECT * FROM take_zone($1, $2, $3)', [
      this.#options.server,
      this.#id,
      zone,
    ]);
    if (row === undefined) throw new Error(`zone ${zone} cannot be taken`);
    if (row.taken_epoch !== null) return { epoch: Number(row.taken_epoch) };
    return { holder: row.holder, until: row.held_until, freeInMs: row.free_in_ms };
  }

  /**
   * Whether the plan of that generation was made for an earlier life of this server, while that one has the second copy of a zone since
   * before, and is alive.
   */
  async isOutlivedBy(standby: string, generation: number): Promise<boolean> {
    const [row] = await this.#database.query<{ outlived: boolean }>(
      `SELECT EXISTS (SELECT FROM zone_plans p, zone_servers own, zone_servers other
         WHERE p.generation = $1 AND own.name = $2 AND other.name = $3
           AND p.made < own.started AND other.started < p.made AND other.lease_until > clock_timestamp()) AS outlived`,
      [generation, this.#options.server, standby],
    );
    return row?.outlived === true;
  }

  /** The zone is free. */
  async give(zone: number): Promise<void> {
    await this.#database.query('SELECT give_zone($1, $2, $3)', [this.#options.server, this.#id, zone]);
  }

  /** Its zones are to go to others. How many there are that may have them. */
  async leave(): Promise<number> {
    const values = [this.#options.server, this.#id];
    const [row] = await this.#database.query<{ others: number }>('SELECT leave_server($1, $2) AS others', values);
    return row?.others ?? 0;
  }

  /** Everything this server owned is free. */
  async end(): Promise<void> {
    await this.#database.query('SELECT end_lease($1, $2)', [this.#options.server, this.#id]);
  }

  async #renewed(sql: Sql): Promise<Renewal | null> {
    const [row] = await sql.query<{ renewal: Renewal | null }>('SELECT renew_lease($1, $2) AS renewal', [
      this.#options.server,
      this.#id,
    ]);
    return row?.renewal ?? null;
  }

  async close(): Promise<void> {
    await Promise.all([this.#renewals.close(), this.#database.close()]);
  }
}
