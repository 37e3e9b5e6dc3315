import { once } from 'node:events';
import { createServer } from 'node:net';
import { encodeGatewayNotice, subjects } from '@lifeverse/contracts';
import { serverType } from '@lifeverse/protocol';
import { expect, it } from 'vitest';
import { nextMessage, startTestGateway, type TestGateway } from './test-gateway.ts';

const other = { address: 'https://g2.play.example', name: 'gateway-2', leaves: false, region: '', players: 0 };

/** As another gateway says that it is there; resolves when this one has heard it. */
async function hears({ bus, url }: TestGateway, notice = other): Promise<void> {
  bus.publish(subjects.gateways, encodeGatewayNotice(notice));
  const told = async () => (await fetch(`${url}/api/world`)).headers.get('x-lifeverse-gateways') ?? '';
  while ((await told()).includes(other.address) === notice.leaves)
    await new Promise((resolve) => setImmediate(resolve));
}

it('[GW30] a gateway that is alone is not drained, nor one whose others leave as well', async () => {
  const gateway = await startTestGateway();
  await gateway.join();
  expect([gateway.running.drain(), gateway.running.draining]).toEqual([false, false]);
  await hears(gateway);
  await hears(gateway, { ...other, leaves: true });
  expect(gateway.running.drain()).toBe(false);
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});

it('[GW30] a gateway that is drained shuts its door, says that it leaves, asks its players, and can stay after all', async () => {
  const gateway = await startTestGateway({ publicUrl: 'listening' });
  const said: Uint8Array[] = [];
  gateway.bus.subscribe(subjects.gateways, (bytes) => said.push(bytes));
  const player = await gateway.join();
  await hears(gateway);
  const { port } = new URL(gateway.url);
  expect([gateway.running.drain(1_000), gateway.running.players]).toEqual([true, 1]);
  const own = { address: gateway.url, name: 'gateway-1' };
  const asked = await nextMessage(player, serverType.go);
  expect(asked.subarray(asked.length - other.address.length).toString()).toBe(other.address);
  expect(said.at(-1)).toEqual(encodeGatewayNotice({ ...own, leaves: true, region: '', players: 1 }));
  await expect(fetch(`${gateway.url}/readyz`)).rejects.toThrow();
  await gateway.running.resume();
  await gateway.running.resume();
  expect([(await fetch(`${gateway.url}/readyz`)).status, new URL(gateway.url).port]).toEqual([200, port]);
  expect([gateway.running.draining, player.readyState]).toEqual([false, player.OPEN]);
  await gateway.join();
  player.close();
  await once(player, 'close');
});

it('[GW30] a gateway whose port was taken while it was drained keeps its players, goes on leaving, and may stay later', async () => {
  const gateway = await startTestGateway({ publicUrl: 'listening' });
  const player = await gateway.join();
  await hears(gateway);
  gateway.running.drain();
  const { hostname, port } = new URL(gateway.url);
  const another = createServer().listen(Number(port), hostname);
  await once(another, 'listening');
  await expect(gateway.running.resume()).rejects.toThrow(`Port ${port} of ${hostname} is taken by another program`);
  expect([gateway.running.draining, gateway.running.players, player.readyState]).toEqual([true, 1, player.OPEN]);
  another.close();
  await once(another, 'close');
  await gateway.running.resume();
  expect([gateway.running.draining, (await fetch(`${gateway.url}/readyz`)).status]).toEqual([false, 200]);
});

it('[GW30] a gateway that is to leave again before its door is open shuts it', async () => {
  const gateway = await startTestGateway({ publicUrl: 'listening' });
  await gateway.join();
  await hears(gateway);
  gateway.running.drain();
  const staying = [gateway.running.resume(), gateway.running.resume()];
  expect(gateway.running.drain()).toBe(true);
  await Promise.all(staying);
  expect(gateway.running.draining).toBe(true);
  await expect(fetch(`${gateway.url}/readyz`)).rejects.toThrow();
});
