import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Said } from './test-said.ts';

/** What the command says to each of these, one after another, in one process of its own. */
export async function asked(all: readonly (readonly string[])[], env: Record<string, string> = {}): Promise<Said[]> {
  const program = fileURLToPath(new URL('test-said.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(all)], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return JSON.parse(stdout) as Said[];
}
