import { isErrorCode } from '@lifeverse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlayerApp, playerApp } from './test-player-app.ts';
import { caller, freshAddress, type Ground, granted, PASSWORD, playersGround, registered } from './test-players.ts';

let ground: Ground;
let app: PlayerApp;
let session: string;

beforeAll(async () => {
  ground = await playersGround();
  app = await playerApp(ground);
  session = (await registered(app.players, freshAddress())).session;
});

afterAll(() => app.close());

/** All that is kept of players; attempts are counted, which is what they are for. */
async function kept(): Promise<unknown> {
  const tables = ['players', 'identities', 'sessions', 'characters', 'oidc_logins', 'password_salts'];
  const hashes = tables.map((table) => `(SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} t)`);
  return ground.database.query(`SELECT ARRAY[${hashes.join(', ')}] AS hashes`);
}

async function send(method: string, path: string, body: string | null): Promise<{ status: number; code: string }> {
  const headers: Record<string, string> = { authorization: `Bearer ${session}` };
  if (body !== null) headers['content-type'] = 'application/json';
  const response = await fetch(app.url + path, { method, headers, body });
  const text = await response.text();
  expect(response.headers.get('cache-control'), path).toBe('no-store');
  return { status: response.status, code: text === '' ? '' : ((JSON.parse(text) as { code?: string }).code ?? '') };
}

const good: readonly [method: string, path: string, body: Record<string, unknown>][] = [
  ['POST', '/api/players', { name: 'Ada', platform: 'web' }],
  ['POST', '/api/accounts', { email: 'ada@example.org', password: PASSWORD, name: 'Ada', platform: 'web' }],
  ['POST', '/api/sessions', { email: 'ada@example.org', password: PASSWORD, platform: 'web' }],
  ['PUT', '/api/password', { password: PASSWORD, newPassword: 'another password' }],
  ['POST', '/api/tickets', { name: 'Ada', session: 'A'.repeat(43) }],
  ['POST', '/api/oidc/example/start', { link: true, returnTo: '/', platform: 'web' }],
];

const sql = `x'; UPDATE players SET roles = '{owner}'; --`;
/** No field of any body may be any of these. */
const never: readonly string[] = [
  'null',
  '{}',
  '[]',
  '["a"]',
  '0',
  '-1',
  '9007199254740993',
  '1e400',
  `"${'x'.repeat(600)}"`,
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":{"roles":["owner"]}}',
  '{"toString":"x"}',
];
const malformed: readonly string[] = ['', '{', 'null', '[]', '"text"', '1', '{"a":1}', '{"__proto__":{}}', '\u0000'];

describe('a body that is none', () => {
  it('is refused with a code of the catalogue, and changes nothing', async () => {
    const before = await kept();
    for (const [method, path] of good) {
      for (const body of malformed) {
        const { status, code } = await send(method, path, body);
        expect([path, body, status, code]).toEqual([path, body, 400, 'malformed_message']);
      }
    }
    expect(await kept()).toEqual(before);
  });

  it('of a megabyte is not read', async () => {
    for (const [method, path, body] of good) {
      const [field] = Object.keys(body);
      const large = JSON.stringify({ ...body, [field as string]: 'x'.repeat(1 << 20) });
      expect(await send(method, path, large)).toEqual({ status: 413, code: 'message_too_large' });
    }
  });

  it('has no field that is not asked for, and none twice over by another name', async () => {
    const before = await kept();
    for (const [method, path, body] of good) {
      for (const extra of [
        '"roles":["owner"]',
        '"player":"x"',
        '"constructor":{"prototype":{}}',
        '"__proto__":{"a":1}',
      ]) {
        const text = `${JSON.stringify(body).slice(0, -1)},${extra}}`;
        expect((await send(method, path, text)).code, `${path} ${extra}`).toBe('malformed_message');
      }
    }
    expect(await kept()).toEqual(before);
  });
});

describe('a field that is not what it should be', () => {
  it('is refused with a code of the catalogue, and changes nothing', async () => {
    const before = await kept();
    for (const [method, path, body] of good) {
      for (const field of Object.keys(body)) {
        for (const value of never) {
          if (field === 'link' && value === 'true') continue;
          const text = JSON.stringify({ ...body, [field]: '@' }).replace('"@"', value);
          const { status, code } = await send(method, path, text);
          const where = `${path} ${field} ${value} ${status} ${code}`;
          // A wrong password of unheard-of letters is a wrong password, and a token of them nobody's.
          expect(status, where).toBe(400);
          expect(isErrorCode(code), where).toBe(true);
          expect(code, where).not.toBe('internal');
        }
      }
    }
    expect(await kept()).toEqual(before);
  });

  it('is what it says when it says SQL, and nothing more', async () => {
    const roles = () => ground.database.query(`SELECT DISTINCT roles FROM players`);
    for (const [method, path, body] of good) {
      for (const field of Object.keys(body)) await send(method, path, JSON.stringify({ ...body, [field]: sql }));
    }
    session = (await registered(app.players, freshAddress())).session;
    for (const path of [`/api/sessions/${encodeURIComponent(sql)}`, `/api/identities/${encodeURIComponent(sql)}`]) {
      expect((await send('DELETE', path, null)).code).toBe('malformed_message');
    }
    expect((await send('DELETE', '/api/identities/9999999999999999999', null)).code).toBe('identity_unknown');
    expect(await roles()).toEqual([{ roles: [] }]);
    const named = granted(await app.players.guest(`'; DROP TABLE x; --`, caller()));
    expect(await app.players.sessions.verify(named.session)).toMatchObject({ name: `'; DROP TABLE x; --` });
  });

  it('in the way back from a provider is refused, and changes nothing', async () => {
    const before = await kept();
    for (const query of [
      '',
      '?state=',
      `?state=${encodeURIComponent(sql)}&code=x`,
      '?state=%00',
      '?state=%ED%A0%80',
      '?state=a&state=b',
    ]) {
      expect((await send('GET', `/api/oidc/example/callback${query}`, null)).code).toBe('provider_unknown');
    }
    expect(await kept()).toEqual(before);
  });
});

describe('a token that is none', () => {
  it('is nobody’s, wherever it is shown', async () => {
    const paths = ['/api/sessions', '/api/sessions/current', '/api/identities'];
    for (const token of ['x', 'A'.repeat(43), `${session}A`, session.slice(1), session.toUpperCase(), '__proto__']) {
      for (const path of paths) {
        const response = await fetch(app.url + path, { headers: { authorization: `Bearer ${token}` } });
        expect(await response.json()).toMatchObject({ code: 'session_unknown' });
      }
    }
  });
});

it('nothing that a person typed as a secret is logged, whatever goes wrong', async () => {
  const secrets = ['Typed-Password-1', 'Typed-Password-2', 'typed-address'];
  const [password, newPassword, local] = secrets as [string, string, string];
  const email = `${local}@example.org`;
  const tokens: string[] = [];
  for (let i = 0; i < 14; i++) tokens.push(granted(await app.players.guest('Kim', caller())).session);
  let used = 0;
  const post = async (method: string, path: string, body: string) => {
    const headers = { authorization: `Bearer ${tokens[used++]}`, 'content-type': 'application/json' };
    return (await fetch(app.url + path, { method, headers, body })).status;
  };
  for (const extra of ['}', ',"more":1}', ',"__proto__":{}}', '']) {
    for (const path of ['/api/accounts', '/api/sessions']) {
      await post('POST', path, `{"email":"${email}","password":"${password}"${extra}`);
    }
    await post('PUT', '/api/password', `{"password":"${password}","newPassword":"${newPassword}"${extra}`);
  }
  await ground.database.query('ALTER TABLE identities RENAME TO identities_away');
  try {
    expect(await post('POST', '/api/sessions', JSON.stringify({ email, password }))).toBe(500);
    expect(await post('POST', '/api/accounts', JSON.stringify({ email, password }))).toBe(500);
  } finally {
    await ground.database.query('ALTER TABLE identities_away RENAME TO identities');
  }
  const logged = app.logged();
  expect(logged).toContain('a request failed');
  expect(logged).toContain('identities');
  for (const secret of [...secrets, ...tokens, session]) expect(logged).not.toContain(secret);
});
