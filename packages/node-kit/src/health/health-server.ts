import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '../config/read-options.ts';
import type { Waits } from './waits.ts';

export interface HealthPlace {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
}

export interface HealthServer {
  /** `http://127.0.0.1:8081`. */
  readonly url: string;
  stop(): Promise<void>;
}

const REQUEST_MS = 5_000;
const CONNECTIONS = 64;

/**
 * Answers who looks after a process: `/healthz`, it is alive; `/readyz`, 200 when it is ready, else 503 and what it waits for.
 * Throws a ConfigurationError when it cannot listen there.
 */
export async function startHealthServer({ host, port }: HealthPlace, waits: Waits): Promise<HealthServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) =>
    answer(request, response, waits),
  );
  server.maxConnections = CONNECTIONS;
  await listen(server, host, port);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`, stop };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new ConfigurationError(`--health-port: ${host}:${port} cannot be listened on (${code}).`)),
    );
    server.listen({ host, port }, resolve);
  });
}

function answer({ method = '', url = '' }: IncomingMessage, response: ServerResponse, waits: Waits): void {
  const path = url.split('?', 1)[0];
  if (method !== 'GET' && method !== 'HEAD') send(response, 405, { status: 'only GET' });
  else if (path === '/healthz') send(response, 200, { status: 'alive' });
  else if (path !== '/readyz') send(response, 404, { status: 'nothing is here' });
  else {
    const waitsFor = waits.list();
    if (waitsFor.length === 0) send(response, 200, { status: 'ready' });
    else send(response, 503, { status: 'waiting', waitsFor });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
