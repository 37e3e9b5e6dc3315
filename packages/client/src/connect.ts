import type { World, WorldDefinition } from '@lifeverse/definition';
import type { LifeverseError } from '@lifeverse/protocol';
import { Client } from './client.ts';
import type { SocketLike } from './link.ts';
import type { Waiting } from './ticket.ts';

export interface ConnectOptions {
  /** A name to be known by; the server offers one when it is left out. */
  readonly name?: string;
  /** What `onSession` was given earlier: comes back to the same avatar. */
  readonly session?: string;
  /** A session to come back with; keep it where only this player reads it. */
  readonly onSession?: (session: string) => void;
  /** What this runs on, as the list of the player's sessions is to say it: `[a-z0-9 -]`, at most 32 characters. */
  readonly platform?: string;
  /** Told while there is no room, each time the server was asked; who waits comes in by itself. */
  readonly onWaiting?: (waiting: Waiting) => void;
  /** What `onWaiting` was given last, before a reload: goes on waiting there. */
  readonly place?: string;
  /** Gives up joining, or waiting for it: `connect` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Another WebSocket than the platform's. */
  readonly openSocket?: (url: URL) => SocketLike;
  /** Another `fetch` than the platform's. */
  readonly fetch?: typeof fetch;
}

/**
 * Joins a world, by its address or by any of several. A server that is one of several tells of the others: a player who
 * loses it comes back by another. Resolves when the avatar stands in it, however many attempts that takes;
 * rejects with a LifeverseError when trying again cannot help.
 */
export function connect<const D extends WorldDefinition>(
  world: World<D>,
  servers: string | URL | readonly (string | URL)[],
  options: ConnectOptions = {},
): Promise<Client<D>> {
  const addresses = [servers].flat().map((server) => new URL(server));
  const { promise, resolve, reject } = Promise.withResolvers<Client<D>>();
  const client = new Client(world, addresses, {
    openSocket: (url) => new WebSocket(url) as SocketLike,
    ...options,
    random: Math.random,
    nowMs: () => performance.now(),
  });
  options.signal?.addEventListener('abort', () => {
    client.close();
    reject(options.signal?.reason);
  });
  if (options.onWaiting !== undefined) client.on('waiting', options.onWaiting);
  const stop = [
    client.on('state', (state: string) => {
      if (state !== 'playing') return;
      for (const end of stop) end();
      resolve(client);
    }),
    client.on('closed', (error: LifeverseError) => reject(error)),
  ];
  return promise;
}
