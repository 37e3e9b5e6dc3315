import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { migrations } from '@lifeverse/backend';
import { connect } from '@lifeverse/client';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { open } from '@lifeverse/open';
import { afterAll, beforeEach, expect, it, onTestFinished } from 'vitest';

const AREA_M2 = 10_000;
const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeverse-owner-'));
mkdirSync(join(folder, 'page'));
writeFileSync(join(folder, 'page/index.html'), '<title>a page</title>');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);
/** Nobody waits for the server of the test before. */
beforeEach(() => database.query('DELETE FROM zone_owners'));

/** `lifeverse start` on the test's database. */
class Server {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said = '';

  constructor(...args: string[]) {
    const given = ['--port', '0', '--page', join(folder, 'page'), '--world', 'open', '--area-m2', String(AREA_M2)];
    const all = [command, 'start', ...given, '--database-url', databaseUrl, ...args];
    this.child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.said += chunk));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
  }

  /** As soon as it says where; rejects when it ends before. */
  async url(): Promise<string> {
    const ended = this.ended.then(() => Promise.reject(new Error(`the server ended: ${this.said}`)));
    ended.catch(() => undefined);
    for (;;) {
      const found = /open at (https?:\/\/\S+)\n/.exec(this.said)?.[1];
      if (found !== undefined) return found;
      await Promise.race([once(this.child.stdout as Readable, 'data'), ended]);
    }
  }
}

async function playable(server: Server): Promise<void> {
  const player = await connect(open({ areaM2: AREA_M2 }), await server.url());
  expect(player.state).toBe('playing');
  player.close();
}

it('[WO48] a second server on the same database is refused by one sentence, and the first plays on', async () => {
  const first = new Server('--server-name', 'alpha');
  await first.url();
  const second = new Server('--server-name', 'beta');
  expect(await second.ended).toBe(1);
  const sentence = /^lifeverse: (.*)$/m.exec(second.said)?.[1];
  expect(sentence).toMatch(
    /^Zone 1 is held by the server "alpha" until 20[-\d]+T[:.\d]+Z, and it keeps renewing that: /,
  );
  await playable(first);
});

it('[WO43] a server that was killed is waited for, as long as its lease is', async () => {
  const first = new Server();
  await first.url();
  first.child.kill('SIGKILL');
  await first.ended;
  const [dead] = await database.query<{ name: string; free: Date }>(
    `SELECT name, lease_until + margin_ms * interval '1 ms' AS free FROM zone_servers JOIN zone_owners ON server = name`,
  );
  await playable(new Server());
  const [owner] = await database.query<{ server: string; since: Date }>('SELECT server, since FROM zone_owners');
  expect(owner?.server).not.toBe(dead?.name);
  expect(owner?.since.getTime()).toBeGreaterThanOrEqual(dead?.free.getTime() ?? Number.NaN);
});

it.each([[[]], [['--threads']]])(
  '[WO47] a server that was paused beyond its lease and comes back says what has happened, and ends, with %j',
  async (args) => {
    const paused = new Server(...args);
    await paused.url();
    paused.child.kill('SIGSTOP');
    const next = new Server();
    await next.url();
    paused.child.kill('SIGCONT');
    expect(await paused.ended).toBe(1);
    expect(paused.said).toContain("Zone 1 is no longer this server's (");
    expect(paused.said).toContain('another server has taken it');
    await playable(next);
  },
);
