import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RepoFiles, readRepoFiles } from './repo-files.ts';

/**
 * A small repository on disk for one test, read the way the real one is; gone when the test ends. A planted object
 * becomes JSON. The root manifest has this repository's workspaces unless the test plants its own.
 */
export function plantRepo(files: Readonly<Record<string, string | object>>): RepoFiles {
  const root = mkdtempSync(join(tmpdir(), 'planted-repo-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const workspaces = ['packages/*', 'services/*', 'worlds/*', 'apps/*', 'cli', 'sim', 'bench', 'tools'];
  const planted = { 'package.json': { name: 'planted', type: 'module', workspaces }, ...files };
  for (const [path, content] of Object.entries(planted)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return readRepoFiles(root);
}

/** A package.json of this repository's kind; `exports` is `.` to `src/index.ts` unless told. */
export function manifest(name: string, more: object = {}): object {
  return { name: `@lifeverse/${name}`, version: '0.1.0', type: 'module', exports: { '.': './src/index.ts' }, ...more };
}
