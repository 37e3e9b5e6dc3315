import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { apiHeaders } from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, openDatabase, SystemClock, startEmbeddedServer } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../migrations.ts';
import { type RunningBackend, startBackend } from '../start-backend.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const bus = new LocalBus();
const logLines: string[] = [];
const backend = await startBackend({
  databaseUrl: url,
  bus,
  clock: new SystemClock(),
  log: createLog({ role: 'backend', level: 'debug', stream: { write: (line) => logLines.push(line) } }),
  publicUrl: 'https://play.example',
  socketFolder: null,
  operatorToken: 'an operator',
});
afterAll(async () => {
  await backend.stop();
  bus.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON holds
  readonly body: any;
}

/** As the gateway asks for a player at that address. */
function ask(method: string, path: string, body?: unknown, headers?: Record<string, string>, peer?: string) {
  return askOf(backend, method, path, body, headers, peer);
}

async function askOf(
  { api: { place, secret } }: RunningBackend,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  peer = '198.51.100.1',
): Promise<Answer> {
  const fromGateway = { [apiHeaders.gateway]: secret, [apiHeaders.peer]: peer };
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request({ ...place, method, path, headers: { ...fromGateway, ...json, ...headers } });
  // One that is refused before it is through may be cut.
  sent.on('error', () => undefined);
  sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const said = await text(answer);
  const isJson = answer.headers['content-type']?.includes('json') === true;
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: said,
    body: isJson ? JSON.parse(said) : null,
  };
}

async function guest(headers: Record<string, string> = {}): Promise<Answer> {
  return ask('POST', '/api/players', {}, headers, `198.51.100.${Math.floor(Math.random() * 250)}`);
}

describe('the reference of the API', () => {
  it('is an OpenAPI 3.1 document that its schema takes, with a name for every operation', async () => {
    const { body } = await ask('GET', '/docs/api/json');
    expect(await new Validator().validate(structuredClone(body))).toMatchObject({ valid: true });
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.values(body.paths).flatMap((path) => Object.values(path as object));
    expect(operations.length).toBeGreaterThan(20);
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids).toContain('logIn');
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.filter(({ operationId, summary }) => !operationId || !summary)).toEqual([]);
  });

  it('is shown with what comes from here alone', async () => {
    const page = await ask('GET', '/docs/api/');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    const scripts = [...page.text.matchAll(/src="\.\/(\S+\.js)"/g)].map(([, path]) => path as string);
    expect(scripts.length).toBeGreaterThan(1);
    for (const path of scripts) expect((await ask('GET', `/docs/api/${path}`)).status).toBe(200);
  });
});

describe('a session', () => {
  it('comes as a bearer, or as a cookie that a client asked for', async () => {
    const made = await guest({ [apiHeaders.keep]: 'cookie' });
    const [cookie = ''] = made.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-lifeverse=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const token = made.body.session as string;
    const bearer = await ask('GET', '/api/sessions/current', undefined, { authorization: `Bearer ${token}` });
    const kept = await ask('GET', '/api/sessions/current', undefined, { cookie: cookie.split(';', 1)[0] as string });
    expect(bearer.body).toEqual({ player: made.body.player, name: made.body.name, roles: [], mutedUntil: null });
    expect(kept.body).toEqual(bearer.body);
    expect((await guest()).headers['set-cookie']).toBeUndefined();
  });

  it('that a client names itself goes before the one in a cookie', async () => {
    const [one, other] = [await guest(), await guest()];
    const headers = {
      authorization: `Bearer ${one.body.session}`,
      cookie: `__Host-lifeverse=${other.body.session}`,
    };
    expect((await ask('GET', '/api/sessions/current', undefined, headers)).body.player).toBe(one.body.player);
    const wrong = { ...headers, authorization: 'Basic eDp5' };
    expect((await ask('GET', '/api/sessions/current', undefined, wrong)).status).toBe(401);
  });

  it('lets in by the ticket that it gives', async () => {
    const { body } = await ask('POST', '/api/tickets', { name: 'Ann' });
    expect(body).toMatchObject({ name: 'Ann', expiresInMs: 30_000 });
    const again = await ask('POST', '/api/tickets', { session: body.session });
    expect(again.body).toMatchObject({ name: 'Ann', session: body.session });
  });
});

describe('who asks', () => {
  const many = (count: number, headers: Record<string, string>, peer: string) =>
    Promise.all(Array.from({ length: count }, () => ask('POST', '/api/players', {}, headers, peer)));

  it('is slowed down by the address that the gateway tells, and no other', async () => {
    const answers = await many(50, {}, '203.0.113.1');
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(refused[0]?.body).toMatchObject({ code: 'rate_exceeded', status: 429 });
    const forged = { [apiHeaders.gateway]: 'guessed' };
    const dodging = await Promise.all(
      Array.from({ length: 50 }, (_, i) => ask('POST', '/api/players', {}, forged, `203.0.113.${i + 10}`)),
    );
    expect(dodging.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
  });

  it('is not slowed down with the token of an operator', async () => {
    const answers = await many(60, { [apiHeaders.operator]: 'an operator' }, '203.0.113.2');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('what cannot be taken is refused, and nothing of it logged', () => {
  const secret = `hush-${randomUUID()}`;
  it.each<[string, unknown, number, string]>([
    ['no JSON', '{"email":', 400, 'malformed_message'],
    ['an unknown field', { email: 'a@example.org', password: secret, admin: true }, 400, 'malformed_message'],
    ['another type', { email: 7, password: secret }, 400, 'malformed_message'],
    ['__proto__', '{"__proto__":{"a":1},"email":"a@example.org","password":"x"}', 400, 'malformed_message'],
    ['half a surrogate pair', `{"email":"a\\ud800@example.org","password":"${secret}"}`, 400, 'malformed_message'],
    ['NUL', `{"email":"a@example.org","password":"${secret}\\u0000"}`, 400, 'malformed_message'],
    ['a megabyte', { email: 'a@example.org', password: secret + 'a'.repeat(1_000_000) }, 413, 'message_too_large'],
    ['SQL', { email: "a@example.org' OR 1=1 --", password: secret }, 422, 'email_invalid'],
    ['a password that is not right', { email: 'a@example.org', password: secret }, 401, 'login_wrong'],
  ])('%s', async (_, body, status, code) => {
    const answer = await ask('POST', '/api/sessions', body, { authorization: `Bearer ${secret}` });
    expect(answer.body).toMatchObject({ type: `urn:lifeverse:error:${code}`, status, code });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.headers[apiHeaders.requestId]).toMatch(/^[0-9a-f-]{36}$/);
    expect(logLines.join('\n')).not.toContain('hush-');
  });

  it('a path that is none', async () => {
    const { status, body } = await ask('GET', '/api/nothing');
    expect([status, body]).toEqual([404, { type: 'about:blank', title: 'There is nothing here.', status: 404 }]);
  });
});

it('says when to ask again while the database is away, and goes on when it is back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-away-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let server = await startEmbeddedServer({ folder });
  const own = openDatabase({ url: server.url });
  await migrate(own, migrations);
  await own.close();
  const log = createLog({ role: 'backend', level: 'silent' });
  const setup = {
    databaseUrl: server.url,
    bus,
    clock: new SystemClock(),
    log,
    publicUrl: 'http://x',
    socketFolder: null,
  };
  const other = await startBackend(setup);
  const asking = () => askOf(other, 'POST', '/api/players', {});
  const { session } = (await asking()).body;
  await server.kill();
  // What serves a connection may outlive the server for a moment.
  await expect.poll(async () => (await asking()).status).toBe(503);
  const away = await asking();
  expect([away.status, away.headers['retry-after'], away.body.code]).toEqual([503, '2', 'backend_unreachable']);
  expect((await askOf(other, 'GET', '/api/name')).status).toBe(200);
  server = await startEmbeddedServer({ folder });
  const authorization = `Bearer ${session}`;
  const back = async () => (await askOf(other, 'GET', '/api/sessions', undefined, { authorization })).status;
  await expect.poll(back, { timeout: 20_000 }).toBe(200);
  await other.stop();
  await server.stop();
});

describe('staff', () => {
  it('are let in by their role, for what it allows', async () => {
    const { body } = await guest();
    const headers = { authorization: `Bearer ${body.session}` };
    const read = () => ask('GET', '/api/admin/toggles', undefined, headers);
    expect((await ask('GET', '/api/admin/toggles')).body.code).toBe('session_unknown');
    expect([(await read()).status, (await read()).body.code]).toEqual([403, 'role_required']);
    await database.query(`UPDATE players SET roles = '{viewer}' WHERE id = $1`, [body.player]);
    await expect.poll(async () => (await read()).status).toBe(200);
    const set = await ask('PUT', '/api/admin/toggles/updateHz', { definition: null, reason: 'x' }, headers);
    expect(set.body.code).toBe('role_required');
  });
});
