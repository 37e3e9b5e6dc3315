import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { decodeTruth, encodeTruthWanted, subjects, type ZoneTree } from '@lifeverse/contracts';
import { LocalBus } from '@lifeverse/node-kit';
import { ByteReader, decodeWelcome } from '@lifeverse/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import { nextMessage, openPlayer, startTestGateway } from '../test-gateway.ts';
import { attachTruthSocket } from './truth-socket.ts';

function truthSocket(url: string, options: ClientOptions = {}): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/truth`, options);
  onTestFinished(() => socket.terminate());
  return socket;
}

it('a tool on this machine receives where the entities it names truly are', async () => {
  const { url, hello } = await startTestGateway();
  const player = await openPlayer(url);
  player.send(await hello());
  const welcome = decodeWelcome(new ByteReader(await nextMessage(player, 0x41), 1));
  const tool = truthSocket(url);
  await once(tool, 'open');
  tool.send(encodeTruthWanted([welcome?.entity as number, 999_999]));
  const [first] = (await once(tool, 'message')) as [Buffer];
  const [second] = (await once(tool, 'message')) as [Buffer];
  const [a, b] = [decodeTruth(first), decodeTruth(second)];
  expect(a?.entities).toEqual([{ id: welcome?.entity, xMm: 50_000, yMm: 50_000 }]);
  expect(b?.tick).toBeGreaterThan(a?.tick as number);
});

it('a page does not, wherever it is from', async () => {
  const { url } = await startTestGateway();
  const [error] = await once(truthSocket(url, { origin: url }), 'error');
  expect(error.message).toContain('404');
});

it('nobody does while the server listens for others too', async () => {
  const { url } = await startTestGateway({ host: '0.0.0.0' });
  const [error] = await once(truthSocket(url.replace('0.0.0.0', '127.0.0.1')), 'error');
  expect(error.message).toContain('404');
});

it('a tool hears zones that came while it was there', async () => {
  const bus = new LocalBus();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    server.close();
    bus.close();
  });
  let zones: ZoneTree = { zone: 1 };
  server.on('connection', (socket) => attachTruthSocket(socket, bus, () => zones));
  const asked: number[] = [];
  for (const zone of [1, 2]) bus.subscribe(subjects.truthWanted(zone), () => asked.push(zone));
  await once(server, 'listening');
  const tool = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => tool.terminate());
  await once(tool, 'open');
  zones = { axis: 'x', at: 4, low: { zone: 1 }, high: { zone: 2 } };
  tool.send(encodeTruthWanted([7]));
  await expect.poll(() => asked).toEqual([1, 2]);
  bus.publish(subjects.truth(2), Uint8Array.of(7));
  const [heard] = (await once(tool, 'message')) as [Buffer];
  expect([...heard]).toEqual([7]);
});
