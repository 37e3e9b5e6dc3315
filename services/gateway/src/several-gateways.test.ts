import { once } from 'node:events';
import {
  decodeGatewayNotice,
  encodeGatewayNotice,
  encodeZonePlan,
  firstArrangement,
  subjects,
} from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { closeCode, openPlayer, startTestGateway, type TestGateway } from './test-gateway.ts';

const other = 'https://g2.play.example';

const noticeOf = (address: string): Uint8Array =>
  encodeGatewayNotice({ address, name: address, leaves: false, region: '', players: 0 });

/** As gateways say where they are found; resolves when this one has heard it. */
async function isTold({ bus, url }: TestGateway, ...notices: readonly Uint8Array[]): Promise<void> {
  for (const notice of notices) bus.publish(subjects.gateways, notice);
  bus.publish(subjects.gateways, noticeOf('https://last.play.example'));
  while (!(await told(url)).includes('last.play.example')) await new Promise((resolve) => setImmediate(resolve));
}

async function told(url: string): Promise<string> {
  return (await fetch(`${url}/api/world`)).headers.get('x-lifeverse-gateways') ?? '';
}

async function policy(url: string): Promise<string> {
  return /connect-src [^;]*/.exec((await fetch(url)).headers.get('content-security-policy') ?? '')?.[0] ?? '';
}

it('[GW27] tells with tickets, with what it says of the world and in its policy by which gateways one can come', async () => {
  const gateway = await startTestGateway({ publicUrl: 'listening' });
  const { url } = gateway;
  expect([await told(url), await policy(url)]).toEqual([
    url,
    `connect-src 'self' data: blob: ${url} ${url.replace('http', 'ws')}`,
  ]);
  await isTold(gateway, noticeOf(other));
  const ticket = await fetch(`${url}/api/tickets`, { method: 'POST', body: '{}' });
  expect(ticket.headers.get('x-lifeverse-gateways')).toBe(`${url}, ${other}, https://last.play.example`);
  expect((await fetch(`${url}/api/refused`)).headers.get('x-lifeverse-gateways')).toBeNull();
  expect(await policy(url)).toContain(
    ` ${other} wss://g2.play.example https://last.play.example wss://last.play.example`,
  );
});

it('[GW27] says where it is found, and to who is new at once; says nothing when nobody is to be told', async () => {
  const gateway = await startTestGateway({ publicUrl: 'https://g1.play.example' });
  const heard: string[] = [];
  gateway.bus.subscribe(subjects.gateways, (bytes) => heard.push(decodeGatewayNotice(bytes)?.address ?? ''));
  await isTold(gateway, noticeOf(other));
  expect(heard.filter((address) => address === 'https://g1.play.example').length).toBeGreaterThanOrEqual(2);
  const silent = await startTestGateway();
  expect((await fetch(`${silent.url}/api/world`)).headers.get('x-lifeverse-gateways')).toBeNull();
  expect(await policy(silent.url)).toBe("connect-src 'self' data: blob:");
});

it('[GW27] lets pages of the other gateways join, and none besides', async () => {
  const gateway = await startTestGateway();
  const asked = async (origin: string, method: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const { status, headers: answered } = await fetch(`${gateway.url}/api/tickets`, { method, headers });
    return [status, answered.get('access-control-allow-origin'), answered.get('access-control-allow-credentials')];
  };
  expect(await asked(other, 'OPTIONS')).toEqual([403, null, null]);
  await isTold(gateway, noticeOf(other));
  expect(await asked(other, 'OPTIONS')).toEqual([204, other, null]);
  expect(await asked(other, 'POST')).toEqual([200, other, null]);
  const socket = await openPlayer(gateway.url, { origin: other });
  socket.send(await gateway.hello());
  await once(socket, 'message');
  for (const origin of ['http://g2.play.example', 'https://g2.play.example:8443', 'https://g3.play.example', 'null']) {
    expect(await asked(origin, 'POST')).toEqual([403, null, null]);
  }
  const stranger = await openPlayer(gateway.url, { origin: 'https://g3.play.example' });
  expect(await closeCode(stranger)).toBe('origin_refused');
});

it('[GW27] scripts of other origins can read where to come', async () => {
  const gateway = await startTestGateway({ allowedOrigins: ['https://friend.example'], publicUrl: 'listening' });
  const { headers } = await fetch(`${gateway.url}/api/world`, { headers: { origin: 'https://friend.example' } });
  expect(headers.get('access-control-expose-headers')).toContain('x-lifeverse-gateways');
});

it('[GW27] hears nothing in what is no notice, and sends nobody to an address that is none', async () => {
  const gateway = await startTestGateway();
  const hostile = [
    'https://*',
    'https://a;script-src',
    'https://a,https',
    "https://'unsafe-eval'",
    'javascript:alert(1)',
  ];
  await isTold(gateway, ...hostile.map(noticeOf), new Uint8Array(7), new Uint8Array([255, 255, 255]));
  expect(await told(gateway.url)).toBe('https://last.play.example');
  expect(await policy(gateway.url)).toBe(
    "connect-src 'self' data: blob: https://last.play.example wss://last.play.example",
  );
});

it('refuses to tell an address that nobody can be sent to', async () => {
  await expect(startTestGateway({ publicUrl: 'listening', host: '0.0.0.0' })).rejects.toThrow(
    /^--public-url listening: http:\/\/0\.0\.0\.0:\d+ is no address to send players to\.$/,
  );
});

it('[GW32] tells with a ticket by which gateway the zone of the character is read, and nobody of the zone', async () => {
  const gateway = await startTestGateway({ publicUrl: 'listening' });
  const arrangement = firstArrangement({ zone: 1 });
  const nowhere = { servers: new Map(), standbys: new Map(), zonesMin: 1, pinned: [] };
  const plan = { generation: 2, arrangement, ...nowhere, cells: { columns: 4, rows: 4 } };
  const better = async (homes: readonly string[], generation: number): Promise<(string | null)[]> => {
    const next = { ...plan, generation, homes: new Map([[7, homes]]) };
    gateway.bus.publish(subjects.plan, encodeZonePlan(next));
    const { headers } = await fetch(`${gateway.url}/api/tickets`, { method: 'POST', body: '{}' });
    return [headers.get('x-lifeverse-better'), headers.get('x-lifeverse-zone')];
  };
  await isTold(gateway, noticeOf(other));
  expect(await better([other], 2)).toEqual([other, null]);
  expect(await better([other, gateway.url], 3)).toEqual([null, null]);
  // An older plan says nothing, nor one that names who is not there.
  expect(await better([other], 2)).toEqual([null, null]);
  expect(await better(['https://nobody.example'], 4)).toEqual([null, null]);
});
