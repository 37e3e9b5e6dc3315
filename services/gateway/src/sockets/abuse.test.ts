import { once } from 'node:events';
import type { Socket } from 'node:net';
import { catalogue, type ErrorCode, encodeClientMessage, limits, serverType } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { closeCode, nextMessage, openPlayer, startTestGateway } from '../test-gateway.ts';
import { rawClose, rawConnection, rawFrame, rawWebSocket } from './raw-client.ts';

const closed = (code: ErrorCode): string => `${catalogue[code].close} ${code}`;
const heartbeat = encodeClientMessage({ type: 'heartbeat', sentMs: 0 });
async function answered(player: WebSocket): Promise<void> {
  player.send(heartbeat);
  await nextMessage(player, serverType.private);
}
const FIN_BINARY = 0x82;
const BINARY = 0x02;
const CONTINUATION = 0x00;
const FIN_TEXT = 0x81;
const PING = 0x89;

describe('what a client sends', () => {
  it('in as many pieces as a message may have is read as one', async () => {
    const { url, hello } = await startTestGateway();
    const message = Buffer.from(await hello());
    const socket = await rawWebSocket(url);
    const pieces = limits.fragments;
    for (let i = 0; i < pieces; i++) {
      const piece = message.subarray(
        Math.floor((i * message.length) / pieces),
        Math.floor(((i + 1) * message.length) / pieces),
      );
      const first = (i === pieces - 1 ? 0x80 : 0) | (i === 0 ? BINARY : CONTINUATION);
      socket.write(rawFrame(first, piece));
    }
    socket.resume();
    const [welcome] = (await once(socket, 'data')) as [Buffer];
    expect(welcome[0]).toBe(FIN_BINARY);
  });

  it.each([
    ['text', [rawFrame(FIN_TEXT, Buffer.from('hello'))], 'text_message'],
    ['text of 64 KiB', [rawFrame(FIN_TEXT, new Uint8Array(0), 65_536)], 'message_too_large'],
    [
      'a byte more than a message may have',
      [rawFrame(FIN_BINARY, new Uint8Array(0), limits.messageBytes + 1)],
      'message_too_large',
    ],
    ['64 KiB announced', [rawFrame(FIN_BINARY, new Uint8Array(0), 65_536)], 'message_too_large'],
    ['100 MB announced', [rawFrame(FIN_BINARY, new Uint8Array(0), 100_000_000)], 'message_too_large'],
    ['2^53 bytes announced', [rawFrame(FIN_BINARY, new Uint8Array(0), 2 ** 53)], 'message_too_large'],
    [
      '100 MB in pieces',
      [rawFrame(BINARY, new Uint8Array(16_000)), rawFrame(CONTINUATION, new Uint8Array(16_000))],
      'message_too_large',
    ],
    [
      '10,000 fragments of 1 byte',
      [rawFrame(BINARY, Uint8Array.of(1)), ...Array(9_999).fill(rawFrame(CONTINUATION, Uint8Array.of(1)))],
      'too_many_fragments',
    ],
    [
      '10,000 empty fragments',
      [rawFrame(BINARY, new Uint8Array(0)), ...Array(9_999).fill(rawFrame(CONTINUATION, new Uint8Array(0)))],
      'too_many_fragments',
    ],
    ['a frame without a mask', [Buffer.from([FIN_BINARY, 1, 1])], 'malformed_message'],
    ['a compressed frame', [rawFrame(FIN_BINARY | 0x40, heartbeat)], 'malformed_message'],
    ['an unknown kind of frame', [rawFrame(0x83, heartbeat)], 'malformed_message'],
    ['the rest of no message', [rawFrame(CONTINUATION, heartbeat)], 'malformed_message'],
    ['no message', [rawFrame(FIN_BINARY, new Uint8Array(0))], 'malformed_message'],
    ['random bytes', [rawFrame(FIN_BINARY, Uint8Array.of(0xff, 1, 2, 3))], 'malformed_message'],
    ['a message before its hello', [rawFrame(FIN_BINARY, heartbeat)], 'unexpected_message'],
    ['pings without end', Array(200).fill(rawFrame(PING, new Uint8Array(0))), 'rate_exceeded'],
  ] as const)('%s closes its own connection, with a code', async (_, frames, code) => {
    const { url, join } = await startTestGateway();
    const bystander = await join();
    const socket = await rawWebSocket(url);
    const end = rawClose(socket);
    socket.write(Buffer.concat(frames as Buffer[]));
    expect(await end).toBe(closed(code));
    await answered(bystander);
  });

  it('in TCP segments of 1 byte without an end is cut off', async () => {
    const { url } = await startTestGateway();
    const socket = await rawWebSocket(url);
    socket.setNoDelay();
    const end = rawClose(socket);
    socket.write(rawFrame(FIN_BINARY, new Uint8Array(0), limits.messageBytes));
    while (!socket.destroyed && socket.writable) {
      socket.write(Uint8Array.of(0));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await end).toBe(closed('too_many_fragments'));
  });

  it('by the way, pings, is answered between frames and garbles none', async () => {
    const { join } = await startTestGateway();
    const socket = await join();
    let pongs = 0;
    socket.on('pong', () => pongs++);
    for (let i = 0; i < 15; i++) {
      socket.ping();
      await answered(socket);
    }
    while (pongs < 15) await once(socket, 'pong');
  });
});

describe('where a page comes from', () => {
  it.each([
    ['nowhere: a program', '', true],
    ['here', 'Origin: http://$HOST\r\n', true],
    ['a friend', 'Origin: https://friend.example\r\n', true],
    ['elsewhere', 'Origin: https://evil.example\r\n', false],
    ['a sandbox', 'Origin: null\r\n', false],
  ])('from %s', async (_, header, welcome) => {
    const { url } = await startTestGateway({ allowedOrigins: ['https://friend.example'] });
    const socket = await rawWebSocket(url, header.replace('$HOST', new URL(url).host));
    const end = rawClose(socket);
    if (welcome) socket.write(rawFrame(FIN_TEXT, Buffer.from('x')));
    expect(await end).toBe(closed(welcome ? 'text_message' : 'origin_refused'));
  });

  it('is not asked where there is no WebSocket', async () => {
    const { url } = await startTestGateway();
    await expect(rawWebSocket(`${url}/`.replace('/ws', ''), 'Sec-WebSocket-Protocol: ,\r\n')).rejects.toThrow('400');
  });
});

describe('connections', () => {
  it('2,000 half-open ones of another address keep nobody out', async () => {
    const { url, join } = await startTestGateway();
    const silent: Socket[] = [];
    for (let i = 0; i < 20; i++) {
      silent.push(...(await Promise.all(Array.from({ length: 100 }, () => rawConnection(url, '127.0.0.2')))));
    }
    const player = await join();
    await answered(player);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/sockets_refused_total/);
    // All beyond twice the limit were closed at once; the others wait for their deadline.
    while (silent.filter((socket) => !socket.closed).length > 128)
      await new Promise((resolve) => setImmediate(resolve));
    expect(silent.filter((socket) => !socket.closed)).toHaveLength(128);
  });

  it.each([
    ['nothing', ''],
    ['half a request', 'GET /ws HTTP/1.1\r\nHost: a\r\n'],
  ])('that say %s are closed when their time is over', async (_, said) => {
    const { url, join } = await startTestGateway({ handshakeMs: 100 });
    const player = await join();
    const silent = await rawConnection(url);
    silent.write(said);
    await once(silent.resume(), 'close');
    await answered(player);
  });

  it('that wait to join are limited by address, and told so', async () => {
    const { url, join } = await startTestGateway({ unjoinedPerAddress: 3, limitLocal: true });
    const waiting = [await openPlayer(url), await openPlayer(url), await openPlayer(url)];
    expect(await closeCode(await openPlayer(url))).toBe('too_many_connections');
    waiting[0]?.terminate();
    let joined: unknown;
    while (joined === undefined) joined = await join({ headers: {} }).catch(() => undefined);
  });

  it('that have joined are not limited', async () => {
    const { url, join } = await startTestGateway({ unjoinedPerAddress: 8, limitLocal: true, ticketRate: 100 });
    for (let i = 0; i < 30; i++) await join();
    await openPlayer(url);
  });

  it('are limited altogether', async () => {
    const { url } = await startTestGateway({ maxConnections: 5 });
    const sockets = await Promise.all(Array.from({ length: 8 }, () => rawConnection(url)));
    while (sockets.filter((socket) => socket.closed).length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(sockets.filter((socket) => !socket.closed)).toHaveLength(5);
  });

  it('are all told when the server stops', async () => {
    const gateway = await startTestGateway();
    const players = await Promise.all([gateway.join(), gateway.join(), openPlayer(gateway.url)]);
    const codes = Promise.all(players.map(closeCode));
    await rawConnection(gateway.url);
    await gateway.stop();
    expect(await codes).toEqual(Array(3).fill('server_stopping'));
    await expect(fetch(gateway.url)).rejects.toThrow();
  });
});
