import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, expect, it } from 'vitest';
import { ask, startSquare } from './test-square.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);
const folder = mkdtempSync(join(tmpdir(), 'lifeverse-accounts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'providers.json');
writeFileSync(
  path,
  JSON.stringify([
    { name: 'example', issuer: 'https://accounts.example', clientId: 'us' },
    { name: 'other', issuer: 'https://other.example', clientId: 'us' },
  ]),
);

it('a server offers the providers that it was given', async () => {
  const url = await startSquare(databaseUrl, '--oidc-providers', path, '--public-url', 'https://play.example');
  expect((await ask(url, 'GET', '/api/oidc', '')).body).toEqual({ providers: ['example', 'other'] });
});

it('a server offers no provider when it was given none', async () => {
  const plain = await startSquare(databaseUrl);
  expect((await ask(plain, 'GET', '/api/oidc', '')).body).toEqual({ providers: [] });
});

it('a server keeps the limits that it was given', async () => {
  const url = await startSquare(databaseUrl, '--sessions-per-player', '1');
  const credentials = { email: 'limits@example.org', password: 'correct horse battery' };
  const first = (await ask(url, 'POST', '/api/accounts', '', credentials)).body.session;
  const second = (await ask(url, 'POST', '/api/sessions', '', credentials)).body.session;
  await expect.poll(async () => (await ask(url, 'GET', '/api/sessions/current', first)).status).toBe(401);
  expect((await ask(url, 'GET', '/api/sessions/current', second)).status).toBe(200);
});
