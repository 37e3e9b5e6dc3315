import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { ConfigurationError } from '../config/read-options.ts';
import { createLog } from '../log.ts';
import { DatabaseUnreachable, openDatabase } from './database.ts';
import { type EmbeddedServer, runningServerUrl, startEmbeddedServer } from './embedded-server.ts';
import { keepServer } from './kept-server.ts';
import { migrate, migrationStatus, readMigrations } from './migrate.ts';
import { testDatabase } from './test-database.ts';

const { database } = await testDatabase();
const within = { timeout: 20_000 };

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function childrenOf(parent: number): number[] {
  const ofStatus = (pid: number): number => {
    try {
      return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    } catch {
      return 0;
    }
  };
  const all = readdirSync('/proc').map(Number);
  return all.filter((pid) => pid > 0 && ofStatus(pid) === parent);
}

describe('a database', () => {
  it('keeps all of a transaction or nothing', async () => {
    await database.query('CREATE TABLE kept (n int8)');
    await expect(
      database.transaction(async (sql) => {
        await sql.query('INSERT INTO kept VALUES (1)');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await database.transaction((sql) => sql.query('INSERT INTO kept VALUES ($1)', [2n ** 60n]));
    expect(await database.query('SELECT n FROM kept')).toEqual([{ n: 2n ** 60n }]);
  });

  it('begins a transaction anew when two of them met', async () => {
    await database.query('CREATE TABLE met (id int PRIMARY KEY, n int8 NOT NULL)');
    await database.query('INSERT INTO met VALUES (1, 0), (2, 0)');
    const both = Promise.withResolvers<void>();
    let here = 0;
    const cross = (first: number, second: number) =>
      database.transaction(async (sql) => {
        await sql.query('UPDATE met SET n = n + 1 WHERE id = $1', [first]);
        if (++here === 2) both.resolve();
        await both.promise;
        await sql.query('UPDATE met SET n = n + 1 WHERE id = $1', [second]);
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(await database.query('SELECT n FROM met ORDER BY id')).toEqual([{ n: 2n }, { n: 2n }]);
    // The one that was given up begins again, and may meet the other once more.
    expect(here).toBeGreaterThanOrEqual(3);
  });

  it('says so when it cannot be reached', async () => {
    const gone = openDatabase({ url: 'postgresql:///x?host=%2Fnowhere&user=x' });
    await expect(gone.query('SELECT 1')).rejects.toThrow(DatabaseUnreachable);
    await expect(gone.transaction((sql) => sql.query('SELECT 1'))).rejects.toThrow(DatabaseUnreachable);
    await gone.close();
  });

  it('tells a wrong statement from an unreachable server', async () => {
    await expect(database.query('SELECT nothing')).rejects.toMatchObject({ code: '42703' });
  });

  it.each([
    ['08006', true],
    ['25006', true],
    ['53100', true],
    ['57014', true],
    ['57P01', true],
    ['58030', true],
    ['22001', false],
    ['23505', false],
    ['25001', false],
    ['P0001', false],
  ])('takes what it says by %s for its own state: %j', async (code, isOfServer) => {
    const said = database.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
    await expect(said).rejects.toMatchObject(isOfServer ? { name: 'DatabaseUnreachable' } : { code });
  });
});

describe('the server that comes along', () => {
  const folders: string[] = [];
  const servers: Pick<EmbeddedServer, 'stop'>[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'lifeverse-server-'));
    folders.push(path);
    return path;
  }

  async function start(at: string): Promise<EmbeddedServer> {
    const server = await startEmbeddedServer({ folder: at });
    servers.push(server);
    return server;
  }

  it('has what was committed after it was killed, and says who is there already', async () => {
    const at = folder();
    const first = await start(at);
    const before = openDatabase({ url: first.url });
    await before.query('CREATE TABLE kept AS SELECT 7 AS n');
    await expect(startEmbeddedServer({ folder: at })).rejects.toThrow(/in use by another server/);
    await first.kill();
    // The child that serves this connection outlives the one that was killed by a moment.
    const asked = () => before.query('SELECT n FROM kept').catch((error: unknown) => error);
    await expect.poll(asked, within).toBeInstanceOf(DatabaseUnreachable);
    await start(at);
    // The same pool goes on with the new server.
    expect(await before.query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await before.close();
  });

  it.runIf(process.platform === 'linux')('waits for what one that was killed has left behind', async () => {
    const at = folder();
    const first = await start(at);
    const [left] = childrenOf(first.pid) as [number];
    const go = (): void => void process.kill(left, 'SIGCONT');
    process.kill(left, 'SIGSTOP');
    onTestFailed(go);
    await first.kill();
    const starting = start(at);
    const attempts = new Set<number>();
    const ours = () => childrenOf(process.pid).filter((pid) => commandOf(pid).includes(at));
    const seen = () => ours().reduce((all, pid) => all.add(pid), attempts).size;
    // With the second there, the first has failed.
    await expect.poll(seen, { ...within, interval: 1 }).toBeGreaterThan(1);
    go();
    expect((await starting).pid).not.toBe(first.pid);
  });

  it.runIf(process.platform === 'linux')(
    'waits for one that was killed until its process is cleared away',
    async () => {
      const at = folder();
      await (await start(at)).stop();
      // Its child ends when it has become what never asks what became of a child; a shell would.
      const script = 'cat <&3 & echo $!; exec sleep 60 3<&-';
      const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
      const [said] = await once(parent.stdout as Readable, 'data');
      const pid = Number(String(said));
      const command = (of: number | undefined): string => readFileSync(`/proc/${of}/cmdline`, 'utf8');
      await expect.poll(() => command(parent.pid), within).toMatch(/^sleep/);
      (parent.stdio[3] as Writable).end();
      await expect.poll(() => command(pid), within).toBe('');
      writeFileSync(join(at, 'data/postmaster.pid'), `${pid}\n${at}/data\n0\n0\n\n\n0 0\nready\n`, { mode: 0o600 });
      const starting = start(at);
      parent.kill('SIGKILL');
      const server = await starting;
      expect(server.pid).not.toBe(pid);
    },
  );

  it('begins anew where a first start was interrupted, and is not open to the network', async () => {
    const at = folder();
    mkdirSync(join(at, 'unfinished-x'));
    writeFileSync(join(at, 'unfinished-x', 'PG_VERSION'), '18');
    const { url } = await start(at);
    expect(readdirSync(at)).not.toContain('unfinished-x');
    const it = openDatabase({ url });
    expect(await it.query('SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await it.close();
  });

  it('serves one of two that begin at once', async () => {
    const at = folder();
    const both = await Promise.allSettled([start(at), start(at)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { reason } = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(ConfigurationError);
  });

  it('is started again when it dies, at the same address', async () => {
    const at = folder();
    const logged: string[] = [];
    const log = createLog({ role: 'test', level: 'info', stream: { write: (line) => logged.push(line) } });
    const kept = await keepServer({ folder: at, log });
    servers.push(kept);
    const it = openDatabase({ url: kept.url });
    await it.query('CREATE TABLE kept AS SELECT 7 AS n');
    const pid = (): number => Number(readFileSync(join(at, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    for (let death = 1; death <= 2; death++) {
      process.kill(pid(), 'SIGKILL');
      await expect.poll(() => it.query('SELECT n FROM kept').catch(() => null), within).toEqual([{ n: 7 }]);
      await expect.poll(() => logged.filter((line) => line.includes('is back')).length, within).toBe(death);
    }
    expect(logged.join()).toContain('SIGKILL');
    expect(runningServerUrl(at)).toBe(kept.url);
    await kept.stop();
    expect(runningServerUrl(at)).toBeNull();
    await it.close();
  });
});

describe('migrations', () => {
  function planted(files: Record<string, string>): string {
    const path = mkdtempSync(join(tmpdir(), 'lifeverse-migrations-'));
    for (const [name, sql] of Object.entries(files)) writeFileSync(join(path, name), sql);
    return path;
  }

  it('run once, in order, whoever comes first', async () => {
    const steps = readMigrations(
      planted({ '0001-one.sql': 'CREATE TABLE one (n int)', '0002-two.sql': 'ALTER TABLE one ADD m int' }),
    );
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database, steps)));
    expect(ran.map((each) => each.length).sort()).toEqual([0, 0, 2]);
    const status = await migrationStatus(database, steps);
    expect(status.map(({ name, appliedAt }) => [name, appliedAt instanceof Date])).toEqual([
      ['one', true],
      ['two', true],
    ]);
  });

  it('are refused when one was rewritten, or the database is ahead', async () => {
    const changed = planted({ '0001-one.sql': 'CREATE TABLE another (n int)', '0002-two.sql': 'SELECT 1' });
    await expect(migrate(database, readMigrations(changed))).rejects.toThrow('Migration 1 (one) was changed');
    await expect(migrate(database, [])).rejects.toThrow('newer than this program');
  });

  it('leave nothing behind when one fails', async () => {
    const url = (await testDatabase()).database;
    const steps = readMigrations(planted({ '0001-bad.sql': 'CREATE TABLE half (n int); SELECT nothing' }));
    await expect(migrate(url, steps)).rejects.toMatchObject({ code: '42703' });
    expect(await url.query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    expect((await migrationStatus(url, steps)).map(({ appliedAt }) => appliedAt)).toEqual([null]);
  });

  it('are read in order, without gaps', () => {
    const path = planted({ '0001-one.sql': '', '0003-three.sql': '' });
    expect(() => readMigrations(path)).toThrow('0003-three.sql: expected 0002-what-it-does.sql');
    cpSync(join(path, '0003-three.sql'), join(path, '0002-two.sql'));
    expect(readMigrations(path).map(({ number }) => number)).toEqual([1, 2, 3]);
  });
});
