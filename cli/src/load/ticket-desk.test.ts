import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { LoadProblem } from './load-problem.ts';
import { TicketDesk } from './ticket-desk.ts';

async function serverThat(answers: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(answers);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const granted = JSON.stringify({ ticket: 't', session: 's', name: 'n', expiresInMs: 1 });

it('asks for a newcomer, or for one who comes back', async () => {
  const bodies: string[] = [];
  const server = await serverThat(async (request, response) => {
    const body: Buffer[] = [];
    for await (const piece of request) body.push(piece as Buffer);
    bodies.push(`${request.method} ${request.url} ${Buffer.concat(body).toString()}`);
    response.end(granted);
  });
  const desk = new TicketDesk(server);
  expect(await desk.ticket(null)).toMatchObject({ ticket: 't', session: 's' });
  await desk.ticket('mine');
  expect(bodies).toEqual(['POST /api/tickets {}', 'POST /api/tickets {"session":"mine"}']);
});

it('asks a bounded number at once', async () => {
  const waiting: (() => void)[] = [];
  let open = 0;
  let most = 0;
  const server = await serverThat((_request, response) => {
    most = Math.max(most, ++open);
    waiting.push(() => {
      open--;
      response.end(granted);
    });
    // Answered only once as many wait as ever will: the last ones are fewer.
    if (waiting.length === 16 || served + waiting.length === 100) for (const answer of waiting.splice(0)) answer();
  });
  let served = 0;
  const desk = new TicketDesk(server);
  await Promise.all(Array.from({ length: 100 }, () => desk.ticket(null).then(() => served++)));
  expect(most).toBe(16);
});

it('waits as long as the server asks it to', async () => {
  let asked = 0;
  const server = await serverThat((_request, response) => {
    if (++asked < 3) response.writeHead(429, { 'retry-after': '0.01' }).end('{"code":"rate_exceeded"}');
    else response.end(granted);
  });
  expect(await new TicketDesk(server).ticket(null)).toMatchObject({ ticket: 't' });
  expect(asked).toBe(3);
});

it('waits in line, with the newest place, and holds up nobody meanwhile', async () => {
  const places: unknown[] = [];
  const server = await serverThat(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const { session, place } = JSON.parse(body) as { session?: string; place?: string };
    if (session === 'other') response.end(granted);
    else if (places.push(place) < 40) {
      const waiting = { code: 'waiting', place: `p${places.length}`, position: 1, retryAfterMs: 1 };
      response.writeHead(202).end(JSON.stringify(waiting));
    } else response.end(granted);
  });
  const desk = new TicketDesk(server);
  const patient = Array.from({ length: 20 }, () => desk.ticket('mine'));
  expect(await desk.ticket('other')).toMatchObject({ ticket: 't' });
  await Promise.all(patient);
  // Each asks without one once.
  expect(places.filter((place) => place === undefined)).toHaveLength(20);
  expect(places.filter((place) => /^p\d+$/.test(String(place)))).toHaveLength(places.length - 20);
});

it.each([
  ['a refusal', 503, '{"code":"world_full"}', 'no ticket: HTTP 503'],
  ['what is no ticket', 200, '{"ticket":1}', 'no ticket: HTTP 200'],
  ['what is no JSON', 200, '<html>', 'no ticket: HTTP 200'],
])('rejects with %s in words', async (_, status, body, sentence) => {
  const server = await serverThat((_request, response) => response.writeHead(status).end(body));
  await expect(new TicketDesk(server).ticket(null)).rejects.toEqual(new LoadProblem(sentence));
});

it('rejects when nobody answers', async () => {
  const server = await serverThat((request) => request.socket.destroy());
  await expect(new TicketDesk(server).ticket(null)).rejects.toBeInstanceOf(LoadProblem);
});
