import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@lifeverse/node-kit';
import { afterAll, expect, it } from 'vitest';
import { readProviders } from './oidc-providers.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeverse-providers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'providers.json');
writeFileSync(join(folder, 'secret'), 'hush-from-file\n');
writeFileSync(join(folder, 'empty'), '');

const good = { name: 'example', issuer: 'https://accounts.example', clientId: 'lifeverse' };
const environment = { SECRET: 'hush-from-variable', EMPTY: '', SPLIT: 'hush\nhush' };

function read(listed: unknown) {
  writeFileSync(file, typeof listed === 'string' ? listed : JSON.stringify(listed));
  return readProviders(file, environment);
}

function refusal(listed: unknown): string {
  try {
    read(listed);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return 'was not refused';
}

it('are read with their secrets, which a file or a variable holds', () => {
  const local = { ...good, name: 'local', issuer: 'http://127.0.0.1:9000' };
  const listed = [
    { ...good, clientSecretFile: 'secret' },
    { ...local, clientSecretVariable: 'SECRET' },
  ];
  expect(read(listed)).toEqual([
    { ...good, clientSecret: 'hush-from-file' },
    { ...local, clientSecret: 'hush-from-variable' },
  ]);
  expect(read([good])).toEqual([good]);
});

it.each([
  ['no JSON', '{ hush', 'is no JSON'],
  ['no list', {}, 'must be a list'],
  ['nothing', [], 'must be a list'],
  ['no object', ['hush'], 'must be an object'],
  ['an unknown field', [{ ...good, colour: 'hush' }], 'has "colour"'],
  ['a secret in the open', [{ ...good, clientSecret: 'hush' }], 'secrets are not kept in this file'],
  ['a name that is no part of a path', [{ ...good, name: 'a/b' }], 'name must be'],
  ['an issuer without https', [{ ...good, issuer: 'http://accounts.example' }], 'issuer must be'],
  ['an issuer with a password', [{ ...good, issuer: 'https://a:hush@accounts.example' }], 'issuer must be'],
  ['a number', [{ ...good, clientId: 7 }], 'clientId must be'],
  ['no client', [{ name: 'a', issuer: 'https://a.example' }], 'clientId must be'],
  ['the same name twice', [good, { ...good, issuer: 'https://b.example' }], 'the name example'],
  ['the same issuer twice', [good, { ...good, name: 'b' }], 'the issuer https://accounts.example'],
  ['two places', [{ ...good, clientSecretFile: 'secret', clientSecretVariable: 'SECRET' }], 'exclude one another'],
  ['no such file', [{ ...good, clientSecretFile: 'nowhere' }], 'cannot be read: ENOENT'],
  ['an empty file', [{ ...good, clientSecretFile: 'empty' }], 'what clientSecretFile names'],
  ['an empty variable', [{ ...good, clientSecretVariable: 'EMPTY' }], 'what clientSecretVariable names'],
  ['a variable that is not set', [{ ...good, clientSecretVariable: 'UNSET' }], 'what clientSecretVariable names'],
  ['a secret of two lines', [{ ...good, clientSecretVariable: 'SPLIT' }], 'what clientSecretVariable names'],
  ['a variable of ours', [{ ...good, clientSecretVariable: 'LIFEVERSE_X' }], 'does not begin with LIFEVERSE_'],
])('are refused, by name and without what is secret: %s', (_what, listed, why) => {
  const said = refusal(listed);
  expect(said).toContain('--oidc-providers');
  expect(said).toContain(why);
  expect(said).not.toContain('hush');
});

it('that are in no file are refused', () => {
  expect(() => readProviders(join(folder, 'none.json'), {})).toThrow(/--oidc-providers .* cannot be read: ENOENT/);
});
