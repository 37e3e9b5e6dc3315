import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { vocabulary } from '@lifeverse/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  it('gives a name, the world and a ticket', async () => {
    const { url } = await startTestGateway();
    expect(await (await fetch(`${url}/api/name`)).json()).toEqual({ name: 'Merry Otter' });
    expect(await (await fetch(`${url}/api/world`)).json()).toMatchObject({ name: 'lawn', options: {}, players: 0 });
    const granted = await post(url, { name: 'Ann' });
    expect(granted.headers.get('cache-control')).toBe('no-store');
    expect(await granted.json()).toMatchObject({ name: 'Ann', expiresInMs: 30_000 });
  });

  it.each([
    ['no JSON', '{"name":', {}, 400, 'malformed_message'],
    ['another type', 'a', { 'content-type': 'application/xml' }, 400, 'malformed_message'],
    ['too long a body', JSON.stringify({ name: 'a'.repeat(5_000) }), {}, 413, 'message_too_large'],
    ['an unknown session', { session: 'x' }, {}, 401, 'session_unknown'],
    ['a page of another origin', {}, { origin: 'https://evil.example' }, 403, 'origin_refused'],
  ])('answers %s with a problem', async (_, body, headers, status, code) => {
    const { url } = await startTestGateway();
    const response = await post(url, body, headers as Record<string, string>);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      type: `urn:lifeverse:error:${code}`,
      title: expect.stringMatching(/\.$/),
      status,
      code,
    });
  });

  it('tells nothing of what went wrong inside, and logs it', async () => {
    const { url, logLines } = await startTestGateway();
    const response = await post(url, { session: 'broken' });
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    expect(logLines.join()).toContain('the store is gone');
  });

  it('lets pages of origins the operator named ask', async () => {
    const { url } = await startTestGateway({ allowedOrigins: ['https://friend.example'] });
    const headers = { origin: 'https://friend.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${url}/api/tickets`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    const response = await post(url, {}, { origin: 'https://friend.example' });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://friend.example',
    ]);
  });

  it('gives an address so many tickets, and then asks it to wait', async () => {
    const { url } = await startTestGateway({ ticketRate: 2, limitLocal: true });
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await post(url, {})).status);
    expect(statuses.slice(0, 8)).toEqual(Array(8).fill(200));
    expect(statuses.slice(8)).toContain(429);
    const refused = await post(url, {});
    expect([await refused.json(), refused.headers.get('retry-after')]).toMatchObject([{ code: 'rate_exceeded' }, '2']);
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
    expect((await fetch(`${alone.url}/readyz`)).status).toBe(503);
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
    const declared = vocabulary.filter(({ role }) => role !== 'zone').map(({ name }) => name);
    expect(shown.filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !shown.includes(name))).toEqual([]);
    expect(page).toMatch(/^lifeverse_telemetry_unknown_total 0$/m);
    expect(page).toMatch(/^lifeverse_gateway_joins_total\{instance="gateway-1"\} 1$/m);
  });
});
