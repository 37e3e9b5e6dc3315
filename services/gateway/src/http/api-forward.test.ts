import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { rawConnection } from '../sockets/raw-client.ts';
import { startTestGateway } from '../test-gateway.ts';

/** As many as there are connections to the backend. */
const CONNECTIONS = 64;

/** A request that has arrived: the gateway has said so. */
async function begun(url: string, what: string, bodyBytes: number, body = ''): Promise<Socket> {
  const socket = await rawConnection(url);
  const headers = `Host: a\r\nContent-Type: application/json\r\nContent-Length: ${bodyBytes}\r\nExpect: 100-continue`;
  socket.write(`${what} HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  await once(socket, 'data');
  return socket;
}

describe('the connections to the backend', () => {
  it.each(['POST', 'GET'])('are kept from nobody by those who announce a body and send none (%s)', async (method) => {
    const { url } = await startTestGateway();
    for (let i = 0; i < CONNECTIONS; i++) await begun(url, `${method} /api/anything`, 9);
    const answer = await fetch(`${url}/api/tickets`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(200);
  });

  it('are taken for nobody who has gone meanwhile', async () => {
    const { url, api } = await startTestGateway();
    const release = api.hold();
    const held = Array.from({ length: CONNECTIONS }, () => fetch(`${url}/api/held`));
    while (api.heard.length < CONNECTIONS) await fetch(`${url}/healthz`);
    const gone = await begun(url, 'POST /api/gone', 2, '{}');
    gone.resetAndDestroy();
    await once(gone, 'close');
    // Who asks later is heard later.
    await fetch(`${url}/healthz`);
    const next = fetch(`${url}/api/next`);
    release();
    for (const answer of await Promise.all([...held, next])) expect(answer.status).toBe(200);
    const others = api.heard.map((each) => each.url).filter((path) => path !== '/api/held');
    expect(others).toEqual(['/api/next']);
  });
});
