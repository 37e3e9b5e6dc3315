import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { PlayerSocket, type PlayerSocketEvents } from './player-socket.ts';

/** Opens a player's socket, and hands out what it tells. */
class Heard implements PlayerSocketEvents {
  readonly socket: PlayerSocket;
  readonly messages: string[] = [];
  readonly whenOpened: Promise<void>;
  readonly whenEnded: Promise<string>;
  bytes = 0;
  unreadableFor: string[] = [];
  #opened: () => void = () => undefined;
  #ended: (what: string) => void = () => undefined;
  #next: (() => void) | null = null;

  constructor(url: URL) {
    this.whenOpened = new Promise((resolve) => {
      this.#opened = resolve;
    });
    this.whenEnded = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.socket = new PlayerSocket(url, this);
    onTestFinished(() => this.socket.close());
  }

  opened(): void {
    this.#opened();
  }
  message(payload: Uint8Array): void {
    this.messages.push(Buffer.from(payload).toString());
    this.#next?.();
  }
  received(bytes: number): void {
    this.bytes += bytes;
  }
  unreadable(why: string): void {
    this.unreadableFor.push(why);
  }
  ended(closeCode: number | null, why: string): void {
    this.#ended(`${closeCode} ${why}`);
  }

  async until(count: number): Promise<void> {
    while (this.messages.length < count) await new Promise<void>((resolve) => (this.#next = resolve));
  }
}

async function webSocketServer(): Promise<{ url: URL; next(): Promise<WebSocket> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { url, next: async () => ((await once(server, 'connection')) as [WebSocket])[0] };
}

async function rawServer(onConnection: (socket: Socket) => void): Promise<URL> {
  const server: Server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

it('sends and receives messages of any size, and counts the bytes of their frames', async () => {
  const server = await webSocketServer();
  const player = new Heard(server.url);
  const peer = await server.next();
  await player.whenOpened;
  player.socket.send(Buffer.from('hello'));
  const [first] = (await once(peer, 'message')) as [Buffer];
  player.socket.send(Buffer.from('x'.repeat(1_000)));
  const [second] = (await once(peer, 'message')) as [Buffer];
  expect([first.toString(), second.length]).toEqual(['hello', 1_000]);
  peer.send(Buffer.from('a'));
  peer.send(Buffer.from('b'.repeat(100_000)));
  await player.until(2);
  expect(player.messages.map((message) => message.length)).toEqual([1, 100_000]);
  expect(player.bytes).toBe(2 + 1 + 10 + 100_000);
});

it('answers pings', async () => {
  const server = await webSocketServer();
  const player = new Heard(server.url);
  const peer = await server.next();
  await player.whenOpened;
  peer.ping('there?');
  const [data] = (await once(peer, 'pong')) as [Buffer];
  expect(data.toString()).toBe('there?');
});

it('tells the number with which it is closed', async () => {
  const server = await webSocketServer();
  const player = new Heard(server.url);
  (await server.next()).close(4008, 'too_slow');
  expect(await player.whenEnded).toBe('4008 the server closed the connection');
});

it('closes quietly', async () => {
  const server = await webSocketServer();
  const player = new Heard(server.url);
  const peer = await server.next();
  await player.whenOpened;
  let ended = false;
  void player.whenEnded.then(() => (ended = true));
  player.socket.close();
  const [code] = (await once(peer, 'close')) as [number];
  expect([code, ended]).toEqual([1000, false]);
});

it('being lazy, leaves what arrives unread until it is drained, and loses nothing', async () => {
  const server = await webSocketServer();
  const player = new Heard(server.url);
  const peer = await server.next();
  await player.whenOpened;
  player.socket.beLazy();
  for (let i = 0; i < 2_000; i++) peer.send(Buffer.from(`${i}`.padStart(500)));
  // A second player's echo says that this process had time to read all of it, had it wanted to.
  const other = new Heard(server.url);
  const otherPeer = await server.next();
  await other.whenOpened;
  otherPeer.send(Buffer.from('now'));
  await other.until(1);
  expect(player.messages.length).toBeLessThan(2_000);
  while (player.messages.length < 2_000) {
    const before = player.messages.length;
    player.socket.drain();
    await player.until(before + 1);
  }
  expect(player.messages.map(Number)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
});

it('says so when nobody listens, or somebody else does', async () => {
  const gone = await rawServer(() => undefined);
  gone.port = '1';
  expect(await new Heard(gone).whenEnded).toBe('null ECONNREFUSED');
  const refusing = await rawServer((socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  expect(await new Heard(refusing).whenEnded).toBe('null the WebSocket was answered with HTTP 403');
  const silent = await rawServer((socket) => socket.end());
  expect(await new Heard(silent).whenEnded).toBe('null the server ended the connection');
});

it('says so when the server sends what no server may', async () => {
  const url = await rawServer((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n\u0081\u0001a', 'latin1'));
  });
  const player = new Heard(url);
  expect(await player.whenEnded).toBe('null text');
  expect(player.unreadableFor).toEqual(['text']);
});
