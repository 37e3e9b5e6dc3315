import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One server for all files of a run that ask for a database. */
export async function startTestServer(): Promise<EmbeddedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-pg-'));
  // Files that run at the same time share it, and servers in them have pools of their own.
  // Nothing in it outlives the run: whether the disk has it is not waited for.
  const server = await startEmbeddedServer({ folder, settings: { max_connections: 200, fsync: 'off' } });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An empty database of one's own on the run's server, gone when the file's tests are through. */
export async function testDatabase(): Promise<{ readonly url: string; readonly database: Database }> {
  const server = new URL(inject('postgresUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = openDatabase({ url: server.href, maxConnections: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = openDatabase({ url: url.href });
  afterAll(async () => {
    await database.close();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.close();
  });
  return { url: url.href, database };
}
