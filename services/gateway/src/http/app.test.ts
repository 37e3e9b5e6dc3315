import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type Expulsion, encodeExpulsion, subjects } from '@lifeverse/contracts';
import { vocabulary } from '@lifeverse/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_TOKEN } from '../test-api.ts';
import { closeCode, openPlayer, startTestGateway } from '../test-gateway.ts';

let assets = '';
beforeAll(() => {
  assets = mkdtempSync(join(tmpdir(), 'lifeverse-assets-'));
  mkdirSync(join(assets, 'assets'));
  writeFileSync(join(assets, 'index.html'), '<title>town</title>');
  writeFileSync(join(assets, 'assets/app-1a2b.js'), 'export {}');
  writeFileSync(join(assets, 'assets/app-1a2b.js.br'), brotliCompressSync('export {}'));
  writeFileSync(join(assets, '.built-from'), 'a stamp');
});
afterAll(() => rmSync(assets, { recursive: true, force: true }));

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('the page', () => {
  it('is served with its scripts, cached by what they are', async () => {
    const { url } = await startTestGateway({ assets });
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, '<title>town</title>']);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    // Not `fetch`, which would forbid caches to answer.
    const again = get(url, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    const [response] = (await once(again, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(304);
    const script = await fetch(`${url}/assets/app-1a2b.js`, { headers: { 'accept-encoding': 'br' } });
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect([script.headers.get('content-encoding'), await script.text()]).toEqual(['br', 'export {}']);
  });

  it('and everything else carries the headers that keep a browser safe', async () => {
    const { url } = await startTestGateway({ assets });
    for (const path of ['/', '/assets/app-1a2b.js', '/api/name', '/metrics', '/nothing/here']) {
      const { headers } = await fetch(url + path);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('is all that is served of the disk', async () => {
    const { url } = await startTestGateway({ assets });
    for (const path of [
      '/..%2f..%2fetc/passwd',
      '/assets/..%2f..%2f..%2fetc/passwd',
      '/%00',
      '/.git/config',
      '/.built-from',
    ]) {
      expect((await fetch(url + path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('the API', () => {
  it('tells of the world itself', async () => {
    const { url, api } = await startTestGateway();
    expect(await (await fetch(`${url}/api/world`)).json()).toMatchObject({ name: 'lawn', options: {}, players: 0 });
    expect(api.heard).toEqual([]);
  });

  it('is the backend, which hears what was asked and by whom, and whose answer comes back as it is', async () => {
    const { url, api } = await startTestGateway();
    const granted = await post(url, { name: 'Ann' }, { authorization: 'Bearer x' });
    expect([granted.status, await granted.json()]).toEqual([200, { heard: 1 }]);
    expect(granted.headers.get('cache-control')).toBe('no-store');
    expect(granted.headers.getSetCookie()).toEqual(['one=1; HttpOnly', 'two=2']);
    expect(granted.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${url}/api/refused`)).status).toBe(401);
    expect((await fetch(`${url}/docs/api?a=%20b`)).status).toBe(200);
    expect((await fetch(`${url}/ofrep/v1/evaluate/flags`, { method: 'POST', body: '{}' })).status).toBe(200);
    expect(api.heard.map((each) => `${each.method} ${each.url}`)).toEqual([
      'POST /api/tickets',
      'GET /api/refused',
      'GET /docs/api?a=%20b',
      'POST /ofrep/v1/evaluate/flags',
    ]);
    expect(api.heard[0]).toMatchObject({
      body: '{"name":"Ann"}',
      headers: {
        authorization: 'Bearer x',
        'content-type': 'application/json',
        'x-lifeverse-gateway': api.access.secret,
        'x-lifeverse-peer': '127.0.0.1',
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it('is not told who asks by anyone but the gateway', async () => {
    const { url, api } = await startTestGateway();
    const claims = {
      forwarded: 'for=203.0.113.9',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '203.0.113.9',
      'x-lifeverse-peer': '203.0.113.9',
      'x-lifeverse-gateway': 'guessed',
      'x-request-id': 'mine',
    };
    await post(url, {}, { ...claims, 'x-lifeverse-operator': 'token', 'x-lifeverse-keep': 'cookie' });
    expect(JSON.stringify(api.heard)).not.toMatch(/203\.0\.113\.9|evil|guessed|mine/);
    expect(api.heard[0]?.headers).toMatchObject({ 'x-lifeverse-operator': 'token', 'x-lifeverse-keep': 'cookie' });
  });

  it.each([['/api/cut'], ['/api/anything']])('says when to ask again when the backend is gone (%s)', async (path) => {
    const { url, api } = await startTestGateway();
    if (path !== '/api/cut') await api.stop();
    const response = await fetch(url + path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 503, code: 'backend_unreachable' });
  });

  it('takes no body without an end', async () => {
    const { url } = await startTestGateway();
    const announced = await fetch(`${url}/api/anything`, { method: 'POST', body: 'a'.repeat(2_000_000) });
    expect([announced.status, await announced.json()]).toMatchObject([413, { code: 'message_too_large' }]);
    const sent = request(`${url}/api/anything`, { method: 'POST' });
    sent.on('error', () => undefined);
    for (let i = 0; i < 32; i++) sent.write('a'.repeat(65_536));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    sent.destroy();
    expect(answer.statusCode).toBe(413);
  });

  it.each([['/api/tickets'], ['/ofrep/v1/evaluate/flags']])('refuses a page of another origin (%s)', async (path) => {
    const { url, api } = await startTestGateway();
    const response = await fetch(url + path, { method: 'POST', headers: { origin: 'https://evil.example' } });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect([response.status, await response.json(), api.heard]).toEqual([
      403,
      {
        type: 'urn:lifeverse:error:origin_refused',
        title: expect.stringMatching(/\.$/),
        status: 403,
        code: 'origin_refused',
      },
      [],
    ]);
  });

  it('lets pages of origins the operator named ask', async () => {
    const { url } = await startTestGateway({ allowedOrigins: ['https://friend.example'] });
    const headers = { origin: 'https://friend.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${url}/api/tickets`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const response = await post(url, {}, { origin: 'https://friend.example' });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://friend.example',
    ]);
  });

  it('gives an address so many tickets, and then asks it to wait, unless it is an operator', async () => {
    const { url } = await startTestGateway({ ticketRate: 2, limitLocal: true });
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await post(url, {})).status);
    expect(statuses.slice(0, 8)).toEqual(Array(8).fill(200));
    expect(statuses.slice(8)).toContain(429);
    const refused = await post(url, {});
    expect([await refused.json(), refused.headers.get('retry-after')]).toMatchObject([{ code: 'rate_exceeded' }, '2']);
    expect((await post(url, {}, { 'x-lifeverse-operator': OPERATOR_TOKEN })).status).toBe(200);
    expect((await post(url, {}, { 'x-lifeverse-operator': 'a guess' })).status).toBe(429);
  });
});

describe('a path that is written otherwise than it is read', () => {
  it.each([
    ['POST', '/api/%74ickets'],
    ['POST', '/%61pi/tickets'],
    ['POST', '/api/tickets#1'],
    ['GET', '/api/%77orld'],
    ['POST', '/%6ffrep/v1/evaluate/flags'],
    ['GET', '/docs/a%70i'],
  ])('leads nowhere: %s %s', async (method, path) => {
    const { url, api } = await startTestGateway();
    const sent = request(url, { method, path, headers: { origin: 'https://evil.example' } }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect([answer.resume().statusCode, answer.headers['content-type'], api.heard]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
      [],
    ]);
  });
});

describe('players who may not go on', () => {
  it('are told why and sent out, and nobody else is', async () => {
    const gateway = await startTestGateway();
    const [first, second] = [await gateway.join(), await gateway.join()];
    const closed = closeCode(first);
    const [character = ''] = gateway.characters;
    const expel = (expulsion: Expulsion) => gateway.bus.publish(subjects.expulsion, encodeExpulsion(expulsion));
    gateway.bus.publish(subjects.expulsion, new Uint8Array(7));
    expel({ code: 'player_suspended', logins: [], seats: [{ character, incarnation: 0 }] });
    expel({ code: 'player_suspended', logins: [character], seats: [] });
    expel({ code: 'session_unknown', logins: [`login of ${character}`], seats: [] });
    expect(await closed).toBe('session_unknown');
    expect(second.readyState).toBe(second.OPEN);
  });
});

describe('operators', () => {
  it('see whether the process lives and the world behind it does', async () => {
    const { url } = await startTestGateway();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    let status = 0;
    while (status !== 200) status = (await fetch(`${url}/readyz`)).status;
    const alone = await startTestGateway({ withoutZone: true });
    expect((await fetch(`${alone.url}/healthz`)).status).toBe(200);
    const unready = await fetch(`${alone.url}/readyz`);
    expect([unready.status, await unready.json()]).toMatchObject([
      503,
      { code: 'zone_unreachable', waitsFor: ['zone'] },
    ]);
  });

  it('see metrics, none of which the vocabulary lacks', async () => {
    const { url, join: joinWorld } = await startTestGateway();
    await joinWorld();
    const text = openPlayer(url);
    (await text).send('hello');
    expect(await closeCode(await text)).toBe('text_message');
    let page = '';
    while (!(page.includes('code="text_message"') && page.includes('http_requests')))
      page = await (await fetch(`${url}/metrics`)).text();
    const shown = [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
    // Neither a zone nor a backend reports here.
    const declared = vocabulary.filter(({ role }) => role !== 'zone' && role !== 'backend').map(({ name }) => name);
    expect(shown.filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !shown.includes(name))).toEqual([]);
    expect(page).toMatch(/^lifeverse_telemetry_unknown_total 0$/m);
    expect(page).toMatch(/^lifeverse_gateway_joins_total\{instance="gateway-1"\} 1$/m);
  });
});
