import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiAccess } from '@lifeverse/contracts';
import { onTestFinished } from 'vitest';

export const OPERATOR_TOKEN = 'an operator';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestApi {
  readonly access: ApiAccess;
  readonly heard: readonly Heard[];
  /** From now on it answers nothing, until what is returned is called. */
  hold(): () => void;
  stop(): Promise<void>;
}

/** What a backend's HTTP API is to a gateway: a server on a Unix socket. Tells everyone what it heard. */
export async function startTestApi(): Promise<TestApi> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-api-'));
  const socketPath = join(folder, 'api.sock');
  const heard: Heard[] = [];
  let held = Promise.resolve();
  const server = createServer((request, response) => void answer(request, response, heard, () => held));
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  server.listen(socketPath);
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(stop);
  const secret = randomBytes(32).toString('base64url');
  return { access: { place: { socketPath }, secret, operatorToken: OPERATOR_TOKEN }, heard, hold, stop };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  heard: Heard[],
  held: () => Promise<void>,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return;
  }
  heard.push({ method, url, headers, body: Buffer.concat(pieces).toString() });
  await held();
  if (url === '/api/cut') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(url === '/api/refused' ? 401 : 200, {
    'content-type': 'application/json',
    'set-cookie': ['one=1; HttpOnly', 'two=2'],
    'cache-control': 'no-store',
    'keep-alive': 'timeout=99',
    'x-lifeverse-zone': '7',
  });
  response.end(JSON.stringify({ heard: heard.length }));
}
