import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { manifest, plantRepo } from '../planted-repo.ts';
import { readRepoFiles } from '../repo-files.ts';
import { browserBundle } from './browser-bundle.ts';

const worldExports = { exports: { '.': './src/index.ts', './server': './src/server.ts' } };
const good = {
  'packages/base/package.json': manifest('base'),
  'packages/base/src/index.ts': 'export const one: number = 1;\nexport const unused = "node:fs";',
  'packages/client/package.json': manifest('client'),
  'packages/client/src/index.ts': "import { one } from '@lifeverse/base';\nexport const two = one + 1;",
  'worlds/town/package.json': manifest('town', worldExports),
  'worlds/town/src/index.ts': 'export const town = "streets";',
  'worlds/town/src/server.ts': "export const SERVER_MARKER = 'marker-of-the-planted-server';\nexport const rules = 1;",
  'apps/play/package.json': manifest('play', { exports: {} }),
  'apps/play/index.html': '<!doctype html><script type="module" src="/src/main.ts"></script>',
  'apps/play/src/main.ts': "import { town } from '@lifeverse/town';\nconsole.log(town);",
};
const run = async (planted: Record<string, string> = {}): Promise<readonly Finding[]> =>
  browserBundle.run(plantRepo({ ...good, ...planted }));

const client = 'packages/client/src/index.ts';

describe('the bundle of the browser', () => {
  it('is content with a client of its own code and an application without a server', async () => {
    expect(await run()).toEqual([]);
  });

  it('finds a Node module in the client', async () => {
    const found = await run({ [client]: "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;" });
    expect(found).toEqual([{ where: client, what: "the client's bundle needs node:fs" }]);
  });

  it('finds a Node module loaded later', async () => {
    const found = await run({ [client]: "export const net = () => import('node:net');" });
    expect(found).toEqual([{ where: client, what: "the client's bundle needs node:net" }]);
  });

  it('finds a dependency, installed or not', async () => {
    const { root } = plantRepo({ ...good, [client]: "import { tiny } from 'tiny';\nexport const big = tiny;" });
    expect(await browserBundle.run(readRepoFiles(root))).toHaveLength(1);
    mkdirSync(join(root, 'node_modules/tiny'), { recursive: true });
    writeFileSync(join(root, 'node_modules/tiny/package.json'), '{"name":"tiny","main":"index.js","type":"module"}');
    writeFileSync(join(root, 'node_modules/tiny/index.js'), 'export const tiny = Math.random();');
    expect(await browserBundle.run(readRepoFiles(root))).toEqual([
      { where: client, what: "the client's bundle needs node_modules/tiny/index.js" },
    ]);
  });

  it('finds a client that is too big', async () => {
    const noise = Array.from({ length: 6_000 }, (_, i) => Math.imul(i ** 2 + 1, 2_654_435_761) >>> 0);
    const found = await run({ [client]: `export const noise = [${noise.join(',')}];` });
    expect(found).toEqual([{ where: client, what: expect.stringMatching(/^the client is \d{5} bytes gzipped/) }]);
  });

  it.each([
    ['by name', "import '@lifeverse/town/server';"],
    ['by path', "import '../../../worlds/town/src/server.ts';"],
    ['later', "import('@lifeverse/town/server');"],
  ])("finds a world's server part in the application, imported %s", async (_, code) => {
    expect(await run({ 'apps/play/src/main.ts': code })).toEqual([
      { where: 'worlds/town/src/server.ts', what: "apps/play/index.html builds it into the browser's bundle" },
    ]);
  });

  it('finds a world without a marker', async () => {
    expect(await run({ 'worlds/town/src/server.ts': 'export const rules = 1;' })).toEqual([
      { where: 'worlds/town/src/server.ts', what: 'exports no string constant SERVER_MARKER to look for' },
    ]);
  });

  it('finds what does not build, and what is not there', async () => {
    expect(await run({ 'apps/play/src/main.ts': 'const = 1;', [client]: 'const = 1;' })).toEqual([
      { where: client, what: expect.stringContaining('does not bundle') },
      { where: 'apps/play/index.html', what: expect.stringContaining('does not build') },
    ]);
    expect(await browserBundle.run(plantRepo({}))).toEqual([
      { where: client, what: 'is missing: there is no client to bundle' },
      { where: 'apps/play/index.html', what: 'is missing: there is no application to build' },
    ]);
  });
});
