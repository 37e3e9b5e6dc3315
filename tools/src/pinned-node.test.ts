import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const guard = resolve(import.meta.dirname, '../bin/pinned-node.mjs');

/** Runs an entry point behind the guard, on a Node that gives another version for its own. */
function runOn(version: string): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pinned-node-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const disguise = join(folder, 'disguise.mjs');
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(disguise, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  writeFileSync(join(folder, 'main.mjs'), "console.log('ran');");
  const args = [
    '--import',
    pathToFileURL(disguise).href,
    '--import',
    pathToFileURL(guard).href,
    join(folder, 'main.mjs'),
  ];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

it('lets the pinned major version through', () => {
  expect(runOn(process.versions.node)).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
});

it.each(['20.20.2', '22.1.0', '26.10.0'])('stops Node %s with one sentence', (version) => {
  const { status, stdout, stderr } = runOn(version);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^This needs Node 24 and runs on Node ${version}: [^\\n]+\\n$`));
});
