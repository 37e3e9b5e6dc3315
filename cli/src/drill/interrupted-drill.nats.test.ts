import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));

it('a drill that is interrupted leaves no folder and no process behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-interrupted-'));
  const drill = spawn(process.execPath, [command, 'drill', 'database-loss'], {
    env: { PATH: process.env.PATH ?? '', TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    drill.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const closed = once(drill, 'close');
  // Its database and its NATS run, and the cluster is on its way.
  await expect
    .poll(() => commandsOf(folder, drill), { timeout: 30_000 })
    .toMatch(/nats-server[\s\S]*lifeverse\.mjs cluster/);
  expect(commandsOf(folder, drill)).toMatch(/postgres/);
  drill.kill('SIGINT');
  expect(await closed).toEqual([130, null]);
  await expect.poll(() => commandsOf(folder, drill), { timeout: 10_000 }).toBe('');
  expect(readdirSync(folder)).toEqual([]);
});

/** Of every process that has that folder for what is temporary, or in its command; but for the drill itself. */
function commandsOf(folder: string, drill: ChildProcess): string {
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== drill.pid);
  return others
    .map((pid) => {
      const [environment, line] = [textOf(pid, 'environ'), textOf(pid, 'cmdline').replaceAll('\0', ' ')];
      return environment.includes(folder) || line.includes(folder) ? line : '';
    })
    .filter((line) => line !== '')
    .sort((a, b) => Number(a.includes('cluster')) - Number(b.includes('cluster')))
    .join('\n');
}

/** Empty of a process that is gone, or not ours. */
function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
