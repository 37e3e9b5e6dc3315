import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../config/read-options.ts';
import type { Database, Sql } from './database.ts';

/** One step of the schema, from a file `NNNN-what-it-does.sql`. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file: what has run must not be rewritten. */
  readonly hash: string;
}

export interface MigrationStatus {
  readonly number: number;
  readonly name: string;
  /** Null: still to be run. */
  readonly appliedAt: Date | null;
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;
/** Any number that nothing else locks by. */
const LOCK = 7_214_905_311;
/** A migration that waits longer than this for a table holds up those who play. */
const LOCK_TIMEOUT = '2s';

/** The migrations in a folder, in order. Throws when a number is missing, doubled, or a name is none. */
export function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const [, digits, name] = FILE.exec(file) ?? [];
    if (digits === undefined || name === undefined || Number(digits) !== index + 1)
      throw new Error(`${file}: expected ${String(index + 1).padStart(4, '0')}-what-it-does.sql`);
    const sql = readFileSync(join(folder, file), 'utf8');
    return { number: index + 1, name, sql, hash: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Brings the schema forward: whoever holds the lock runs what is missing, each in a transaction of its own; the others wait
 * and find it done. Returns those that this call ran. Throws a ConfigurationError when the database has steps that this
 * program does not know, or knows otherwise.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<Migration[]> {
  const connection = await database.connection();
  try {
    await connection.query(`SELECT pg_advisory_lock(${LOCK})`);
    try {
      await connection.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
        number int PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
      const missing = await missingOf(connection, migrations);
      for (const migration of missing) await apply(connection, migration);
      return missing;
    } finally {
      await connection.query(`SELECT pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    connection.release();
  }
}

async function apply(sql: Sql, migration: Migration): Promise<void> {
  await sql.query('BEGIN');
  try {
    await sql.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await sql.query(migration.sql);
    const { number, name, hash } = migration;
    await sql.query('INSERT INTO schema_migrations (number, name, hash) VALUES ($1, $2, $3)', [number, name, hash]);
    await sql.query('COMMIT');
  } catch (error) {
    await sql.query('ROLLBACK');
    throw error;
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly hash: string;
  readonly applied_at: Date;
}

async function appliedIn(sql: Sql): Promise<Applied[]> {
  const [table] = await sql.query<{ there: boolean }>(`SELECT to_regclass('schema_migrations') IS NOT NULL AS there`);
  if (table?.there !== true) return [];
  return sql.query<Applied>('SELECT number, name, hash, applied_at FROM schema_migrations ORDER BY number');
}

async function missingOf(sql: Sql, migrations: readonly Migration[]): Promise<Migration[]> {
  const applied = await appliedIn(sql);
  applied.forEach(({ number, name, hash }, index) => {
    const known = migrations[index];
    if (known === undefined)
      throw new ConfigurationError(
        `The database has migration ${number} (${name}), which this version does not know: it is newer than this program.`,
      );
    if (known.number !== number || known.hash !== hash)
      throw new ConfigurationError(`Migration ${number} (${name}) was changed after it had run on this database.`);
  });
  return migrations.slice(applied.length);
}

/** What has run and what is still to run. Throws as `migrate` does. */
export async function migrationStatus(
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly MigrationStatus[]> {
  const applied = await appliedIn(database);
  await missingOf(database, migrations);
  return migrations.map(({ number, name }, index) => ({ number, name, appliedAt: applied[index]?.applied_at ?? null }));
}
