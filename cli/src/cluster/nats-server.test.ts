import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeStale } from './nats-server.ts';

/** Where a supervisor that runs has one folder, and one that is no more has two. */
function folders(): { within: string; running: string; stale: readonly string[] } {
  const within = mkdtempSync(join(tmpdir(), 'lifeverse-stale-'));
  onTestFinished(() => rmSync(within, { recursive: true, force: true }));
  const gone = spawnSync(process.execPath, ['--version']).pid;
  const running = `lifeverse-nats-${process.ppid}-c`;
  const stale = [`lifeverse-nats-${gone}-a`, `lifeverse-nats-${gone}-b`];
  for (const name of [...stale, running]) mkdirSync(join(within, name));
  return { within, running, stale };
}

it('what a supervisor left behind that was killed is removed', () => {
  const { within, running } = folders();
  removeStale(within);
  expect(readdirSync(within)).toEqual([running]);
});

it("what another user left behind, who alone may remove it, is in nobody's way", () => {
  const { within, stale } = folders();
  const asked: string[] = [];
  removeStale(within, (folder) => {
    asked.push(folder);
    throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
  });
  expect(asked.toSorted()).toEqual(stale.map((name) => join(within, name)));
});
