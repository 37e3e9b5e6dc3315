import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorldDefinition } from '@lifeverse/definition';
import { createLog, Lifecycle, readOptions } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';
import { startWorldDatabase } from './database/world-database.ts';
import { startInOneThread } from './start/one-thread.ts';
import { startOptions } from './start/options.ts';
import { planServer } from './start/server-plan.ts';

export interface ServerOptions {
  /** A free one when left out. */
  readonly port?: number;
  /** The folder where the world is kept; when left out, it is forgotten with the server. */
  readonly data?: string;
}

export interface RunningServer {
  /** Where clients connect. */
  readonly url: string;
  /** Tells every player, and ends. */
  stop(): Promise<void>;
}

/**
 * Serves a world from one's own program, for tests and tools: all roles in this thread, on 127.0.0.1, no page. Rejects
 * with a ConfigurationError when it cannot listen there, or another server uses that folder.
 */
export async function startServer<D extends WorldDefinition>(
  served: ServedWorld<D>,
  { port = 0, data }: ServerOptions = {},
): Promise<RunningServer> {
  const options = readOptions(startOptions, ['--port', String(port), '--log-level', 'error'], {});
  const life = new Lifecycle();
  // Rules are written against the types of their own world; who only runs them knows no more than that it is one.
  const world = served as unknown as ServedWorld;
  const log = createLog({ role: 'lifeverse', level: options.logLevel });
  try {
    const folder = data ?? (await life.start('folder', temporaryFolder, removeFolder));
    const databaseUrl = await startWorldDatabase({ data: folder, own: null }, life, log, () => undefined);
    const plan = planServer({ served: world, options, forRules: {}, assets: null, databaseUrl, data: folder });
    const url = await startInOneThread(plan, world, life);
    return { url, stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lifeverse-world-'));
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
