import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openSocketFolder } from './socket-folder.ts';

it('a temporary folder of a process that was killed is removed by the next one; all others stay', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'lifeverse-temporary-'));
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true, force: true });
  });
  const { pid } = spawnSync(process.execPath, ['--version']);
  const folder = (name: string, old = true): string => {
    const path = join(temporary, name);
    mkdirSync(path);
    writeFileSync(join(path, 'api.sock'), '');
    const hourAgo = Date.now() / 1_000 - 3_600;
    if (old) utimesSync(path, hourAgo, hourAgo);
    return path;
  };
  const left = [folder(`lifeverse-sockets-${pid}-a`), folder(`lifeverse-sockets-${pid}-z`)];
  folder(`lifeverse-sockets-${pid}-young`, false);
  folder(`lifeverse-sockets-${process.ppid}-alive`);
  folder(`lifeverse-world-${pid}-a`);
  // As of another container: its process is not seen here.
  const elsewhere = folder(`lifeverse-sockets-${pid}-b`);
  const server = createServer().listen(join(elsewhere, 'other.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  utimesSync(elsewhere, 1, 1);
  onTestFinished(() => void server.close());
  const opened = openSocketFolder(null);
  // Looked at in the order of their names.
  await expect.poll(() => left.map((path) => existsSync(path))).toEqual([false, false]);
  expect(readdirSync(temporary)).toEqual(
    expect.arrayContaining([
      `lifeverse-sockets-${pid}-b`,
      `lifeverse-sockets-${pid}-young`,
      `lifeverse-world-${pid}-a`,
    ]),
  );
  expect(opened.path.startsWith(join(temporary, `lifeverse-sockets-${process.pid}-`))).toBe(true);
  opened.close();
  expect(existsSync(opened.path)).toBe(false);
});
