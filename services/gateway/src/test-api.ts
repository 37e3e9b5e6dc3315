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
  stop(): Promise<void>;
}

/** What a backend's HTTP API is to a gateway: a server on a Unix socket. Tells everyone what it heard. */
export async function startTestApi(): Promise<TestApi> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-api-'));
  const socketPath = join(folder, 'api.sock');
  const heard: Heard[] = [];
  const server = createServer((request, response) => void answer(request, response, heard));
  server.listen(socketPath);
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(stop);
  const secret = randomBytes(32).toString('base64url');
  return { access: { place: { socketPath }, secret, operatorToken: OPERATOR_TOKEN }, heard, stop };
}

async function answer(request: IncomingMessage, response: ServerResponse, heard: Heard[]): Promise<void> {
  const { method = '', url = '', headers } = request;
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return;
  }
  heard.push({ method, url, headers, body: Buffer.concat(pieces).toString() });
  if (url === '/api/cut') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(url === '/api/refused' ? 401 : 200, {
    'content-type': 'application/json',
    'set-cookie': ['one=1; HttpOnly', 'two=2'],
    'cache-control': 'no-store',
    'keep-alive': 'timeout=99',
  });
  response.end(JSON.stringify({ heard: heard.length }));
}
