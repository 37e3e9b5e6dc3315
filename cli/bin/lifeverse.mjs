#!/usr/bin/env node
// Runs on any Node that knows modules: finds out whether this one runs LifeVerse, and hands over to the one that does.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
/** Set for a handed-over run, so that a runtime that is too old itself does not hand over again. */
const HANDED_OVER = '_LIFEVERSE_HANDED_OVER';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const pinnedFolder = join(root, 'node_modules', 'node');
const pinned = join(pinnedFolder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  keepCompiled();
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else if (existsSync(pinned) && process.env[HANDED_OVER] === undefined) {
  handOver();
} else {
  const reason = !existsSync(pinnedFolder)
    ? `run "npm ci" in ${root}, which brings one`
    : existsSync(pinned)
      ? `the one in ${pinnedFolder} is older too; run "npm ci" in ${root}`
      : `the one that belongs into ${pinnedFolder} is missing, because npm did not run its install script; run "npm rebuild node --ignore-scripts=false" in ${root}`;
  console.error(`lifeverse: LifeVerse needs Node ${NEEDED} or newer and this is ${process.versions.node}; ${reason}.`);
  process.exitCode = 1;
}

/**
 * What a start compiles is kept for the next ones, and for the threads and processes that this one begins: half of what
 * starting costs. Nothing is kept where the folder cannot be written.
 */
function keepCompiled() {
  const folder = join(root, 'node_modules', '.cache', 'lifeverse');
  const { directory } = module.enableCompileCache(folder);
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= folder;
}

function handOver() {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [HANDED_OVER]: '1' },
  });
  // A terminal sends an interrupt to both; who asks this process alone means the other as well.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`lifeverse: ${pinned} cannot be run (${error.code}).`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}
