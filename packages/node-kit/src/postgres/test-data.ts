import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedServer } from './embedded-server.ts';

let template: Promise<string> | undefined;

/** A database that was set up and is empty, where it lies. */
async function setUp(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await (await startEmbeddedServer({ folder })).stop();
  return join(folder, 'data');
}

/**
 * Lays what the first start of a world sets up into a folder that its server is then told by `--data`: to set it up takes a processor two
 * seconds, and only tests of just that need it.
 */
export async function seedData(data: string): Promise<void> {
  template ??= setUp();
  const postgres = join(data, 'postgres');
  mkdirSync(postgres, { recursive: true, mode: 0o700 });
  // Whose it is stays as it is: the server's user is not root.
  await promisify(execFile)('cp', ['-a', await template, join(postgres, 'data')]);
}
