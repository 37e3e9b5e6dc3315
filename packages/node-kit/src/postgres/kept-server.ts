import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  openServerSockets,
  startEmbeddedServer,
} from './embedded-server.ts';

const DELAY_MS_MIN = 50;
const DELAY_MS_MAX = 5_000;
/** A life of so long was not ended by what ended the one before. */
const LONG_LIFE_MS = 60_000;

export interface KeptServerOptions extends Pick<EmbeddedServerOptions, 'folder' | 'settings' | 'first'> {
  readonly log: Log;
}

/** A PostgreSQL that is started again whenever it dies, at the same address. */
export interface KeptServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Rejects as `startEmbeddedServer` does when the first start fails. */
export async function keepServer({ log, ...options }: KeptServerOptions): Promise<KeptServer> {
  const sockets = openServerSockets(options.folder);
  const stopping = new AbortController();
  let reviving: Promise<void> = Promise.resolve();
  let delayMs = DELAY_MS_MIN;
  let startedMs = 0;
  const start = async (): Promise<EmbeddedServer> => {
    const server = await startEmbeddedServer({ ...options, sockets: sockets.path, died });
    startedMs = performance.now();
    return server;
  };
  const died = (reason: string): void => {
    log.error({ reason }, 'the database died and is started again; what must last waits for it');
    if (performance.now() - startedMs > LONG_LIFE_MS) delayMs = DELAY_MS_MIN;
    reviving = revive();
  };
  const revive = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await sleep(delayMs, undefined, { signal: stopping.signal });
        delayMs = Math.min(delayMs * 2, DELAY_MS_MAX);
        server = await start();
        log.info('the database is back');
        return;
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error, againInMs: delayMs }, 'the database did not start');
      }
    }
  };
  let server: EmbeddedServer;
  try {
    server = await start();
  } catch (error) {
    sockets.close();
    throw error;
  }
  return {
    url: server.url,
    stop: async () => {
      stopping.abort();
      await reviving;
      await server.stop();
      sockets.close();
    },
  };
}
