import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Link, type SocketLike } from './link.ts';

/** A socket that never hears of its own end, as on a link that is dead. */
class DeafSocket implements SocketLike {
  binaryType = '';
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: Uint8Array[] = [];
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  close(): void {
    this.closed = true;
  }
}

/** A server that gives tickets, or takes the question and says nothing; and a link to it. */
async function rig(answers: () => boolean) {
  const sockets: DeafSocket[] = [];
  const asked = { count: 0, with: [] as unknown[] };
  const server = createServer((request, response) => {
    asked.count++;
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => asked.with.push(JSON.parse(body).session));
    if (answers()) response.end(JSON.stringify({ ticket: 't', session: 's', name: 'Ada' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lost: string[] = [];
  const link = new Link(
    {
      servers: [new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)],
      random: () => 0,
      nowMs: () => performance.now(),
      openSocket: () => {
        const socket = new DeafSocket();
        sockets.push(socket);
        return socket;
      },
    },
    {
      opened: () => {},
      message: () => {},
      waiting: () => {},
      lost: () => lost.push('lost'),
      ended: (error) => lost.push(error.code),
    },
  );
  onTestFinished(() => {
    link.close();
    server.closeAllConnections();
    server.close();
  });
  const beats = (count: number): void => {
    for (let i = 0; i < count; i++) link.beat();
  };
  return { link, sockets, lost, asked, beats };
}

it('comes back at once when told to, though the old connection never says that it is closed', async () => {
  const { link, sockets, lost } = await rig(() => true);
  await expect.poll(() => sockets.length).toBe(1);
  link.reconnect();
  expect([lost, sockets[0]?.closed]).toEqual([['lost'], true]);
  await expect.poll(() => sockets.length).toBe(2);
});

it('comes back with the session that was given since', async () => {
  const { link, sockets, asked } = await rig(() => true);
  await expect.poll(() => sockets.length).toBe(1);
  link.useSession('another');
  link.reconnect();
  await expect.poll(() => asked.with).toEqual([undefined, 'another']);
});

it('sends nothing on a connection that is not open yet: sockets throw then', async () => {
  const { link, sockets } = await rig(() => true);
  await expect.poll(() => sockets.length).toBe(1);
  link.send(new Uint8Array([1]));
  expect(sockets[0]?.sent).toEqual([]);
  sockets[0]?.onopen?.();
  link.send(new Uint8Array([2]));
  expect(sockets[0]?.sent).toEqual([new Uint8Array([2])]);
});

it('takes a connection that is silent for six seconds of beats for lost, and no other', async () => {
  const { sockets, lost, beats } = await rig(() => true);
  await expect.poll(() => sockets.length).toBe(1);
  beats(23);
  sockets[0]?.onmessage?.({ data: new ArrayBuffer(1) });
  beats(23);
  expect(lost).toEqual([]);
  beats(1);
  expect(lost).toEqual(['lost']);
  await expect.poll(() => sockets.length).toBe(2);
  sockets[0]?.onclose?.({ code: 1006 });
  expect(lost).toEqual(['lost']);
});

it('asks again when the question for a ticket is never answered', async () => {
  let quiet = true;
  const { sockets, asked, beats } = await rig(() => !quiet);
  await expect.poll(() => asked.count).toBe(1);
  quiet = false;
  beats(24);
  await expect.poll(() => sockets.length).toBe(1);
});
