import { describe, expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { lockfile } from './lockfile.ts';

const root = {
  workspaces: ['packages/*'],
  devDependencies: { b: '1.0.0', a: '1.0.0' },
  allowScripts: { 'node@24.21.0': true, native: false },
};
const lock = {
  '': { devDependencies: { a: '1.0.0', b: '1.0.0' } },
  'packages/base': { dependencies: { ws: '8.23.0' } },
  'node_modules/@lifeverse/base': { resolved: 'packages/base', link: true },
  'node_modules/node': { version: '24.21.0', hasInstallScript: true },
  'node_modules/a/node_modules/native': { version: '1.0.0', hasInstallScript: true },
};
const run = (packages: object, more: object = {}) =>
  lockfile.run(
    plantRepo({
      'package.json': { ...root, ...more },
      'packages/base/package.json': manifest('base', { dependencies: { ws: '8.23.0' } }),
      'package-lock.json': { packages: { ...lock, ...packages } },
    }),
  );

describe('the lock file', () => {
  it('is content without addresses, in step, with every script decided', () => {
    expect(run({})).toEqual([]);
  });

  it.each(['https://host/ws.tgz', 'http://host/ws.tgz', 'git+ssh://host/ws'])('finds the address %s', (resolved) => {
    expect(run({ 'node_modules/ws': { resolved } })).toEqual([
      { where: 'package-lock.json', what: expect.stringContaining('node_modules/ws carries a download address') },
    ]);
  });

  it('finds an install script that nobody decided on', () => {
    expect(run({ 'node_modules/@x/y': { hasInstallScript: true } })).toEqual([
      { where: 'package.json', what: 'allowScripts says neither yes nor no to @x/y' },
    ]);
  });

  it('finds a decision about a script that is gone', () => {
    expect(run({}, { allowScripts: { node: true, native: false, old: true } })).toEqual([
      { where: 'package.json', what: 'allowScripts names old, which has no install script' },
    ]);
  });

  it('finds a manifest that the lock does not follow', () => {
    expect(run({ 'packages/base': { dependencies: { ws: '8.22.0' } } })).toEqual([
      { where: 'package-lock.json', what: 'does not agree with packages/base/package.json: run npm install' },
    ]);
    expect(run({ '': {} })).toEqual([
      { where: 'package-lock.json', what: 'does not agree with package.json: run npm install' },
    ]);
  });

  it('wants a lock', () => {
    expect(lockfile.run(plantRepo({}))).toEqual([{ where: 'package-lock.json', what: 'is missing' }]);
  });
});
