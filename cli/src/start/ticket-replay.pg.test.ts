import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { encodeClientMessage, errorOfClose, OLDEST_VERSION, PROTOCOL_VERSION, serverType } from '@lifeverse/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { ask, startSquare } from './test-square.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

interface Entry {
  readonly socket: WebSocket;
  /** `joined`, or the code with which the gateway closed. */
  readonly outcome: Promise<string>;
  /** The code with which it was closed. */
  readonly closed: Promise<string>;
}

/** Somebody at the gateway with that ticket, whoever it was given to. */
function comeWith(url: string, ticket: string): Entry {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  onTestFinished(() => socket.close());
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    const versions = { newest: PROTOCOL_VERSION, oldest: OLDEST_VERSION };
    const hello = encodeClientMessage({ type: 'hello', ticket, layout: '', ...versions });
    socket.send(hello as Uint8Array<ArrayBuffer>);
  };
  const closed = new Promise<string>((resolve) => {
    socket.onclose = ({ code }) => resolve(errorOfClose(code) ?? String(code));
  });
  const joined = new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (new Uint8Array(data as ArrayBuffer)[0] === serverType.welcome) resolve('joined');
    };
  });
  return { socket, closed, outcome: Promise.race([joined, closed]) };
}

const guest = async (url: string): Promise<string> => (await ask(url, 'POST', '/api/players', '', {})).body.session;
const ticketOf = async (url: string, session: string): Promise<string> =>
  (await ask(url, 'POST', '/api/tickets', session, {})).body.ticket;

it('a ticket that was used lets nobody else in, and whoever used it stays', async () => {
  const url = await startSquare(databaseUrl);
  const ticket = await ticketOf(url, await guest(url));
  const first = comeWith(url, ticket);
  expect(await first.outcome).toBe('joined');
  expect(await comeWith(url, ticket).outcome).toBe('ticket_used');
  // Somebody with a session, and a ticket, of their own.
  await ticketOf(url, await guest(url));
  expect(await comeWith(url, ticket).outcome).toBe('ticket_used');
  expect(first.socket.readyState).toBe(WebSocket.OPEN);
});

it('a ticket is void with the next one, by whichever session of the player that was given', async () => {
  const url = await startSquare(databaseUrl);
  const credentials = { email: 'replay@example.org', password: 'correct horse battery' };
  const one = (await ask(url, 'POST', '/api/accounts', '', credentials)).body.session;
  const other = (await ask(url, 'POST', '/api/sessions', '', credentials)).body.session;
  const [earlier, later] = [await ticketOf(url, one), await ticketOf(url, other)];
  const entry = comeWith(url, later);
  expect(await entry.outcome).toBe('joined');
  expect(await comeWith(url, earlier).outcome).toBe('ticket_used');
  // It is the other session by which they are in.
  await ask(url, 'DELETE', '/api/sessions/current', one);
  await ask(url, 'DELETE', '/api/sessions/current', other);
  expect(await entry.closed).toBe('session_unknown');
});

it('a ticket is worth nothing once its session is over', async () => {
  const url = await startSquare(databaseUrl);
  const session = await guest(url);
  const witness = comeWith(url, await ticketOf(url, session));
  expect(await witness.outcome).toBe('joined');
  const ticket = await ticketOf(url, session);
  await ask(url, 'DELETE', '/api/sessions/current', session);
  // The gateway has heard of it.
  await witness.closed;
  expect(await comeWith(url, ticket).outcome).toBe('session_unknown');
});
