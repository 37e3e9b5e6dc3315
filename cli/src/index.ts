import type { WorldDefinition } from '@lifeverse/definition';
import { Lifecycle, readOptions } from '@lifeverse/node-kit';
import type { ServedWorld } from '@lifeverse/world';
import { startInOneThread } from './start/one-thread.ts';
import { startOptions } from './start/options.ts';
import { planServer } from './start/server-plan.ts';

export interface RunningServer {
  /** Where clients connect. */
  readonly url: string;
  /** Tells every player, and ends. */
  stop(): Promise<void>;
}

/**
 * Serves a world from one's own program, for tests and tools: all roles in this thread, on 127.0.0.1, no page. A free
 * port unless one is given. Rejects with a ConfigurationError when it cannot listen there.
 */
export async function startServer<D extends WorldDefinition>(
  served: ServedWorld<D>,
  { port = 0 }: { readonly port?: number } = {},
): Promise<RunningServer> {
  const options = readOptions(startOptions, ['--port', String(port), '--log-level', 'error'], {});
  const life = new Lifecycle();
  // Rules are written against the types of their own world; who only runs them knows no more than that it is one.
  const world = served as unknown as ServedWorld;
  try {
    const url = await startInOneThread(planServer(world, options, {}, null), world, life);
    return { url, stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}
