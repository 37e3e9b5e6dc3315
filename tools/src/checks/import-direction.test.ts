import { describe, expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { importDirection } from './import-direction.ts';

const syncExports = {
  exports: {
    './common': './src/common/index.ts',
    './client': './src/client/index.ts',
    './server': './src/server/index.ts',
  },
};
const worldExports = { exports: { '.': './src/index.ts', './server': './src/server.ts' } };

/** Every layer, each importing what it may. */
const house = {
  'packages/base/package.json': manifest('base'),
  'packages/base/src/index.ts': 'export const one = 1;',
  'packages/definition/package.json': manifest('definition'),
  'packages/definition/src/index.ts': "export { one } from '@lifeverse/base';",
  'packages/sync/package.json': manifest('sync', syncExports),
  'packages/sync/src/common/index.ts': "export { one } from '@lifeverse/definition';",
  'packages/sync/src/client/index.ts': "export { one } from '../common/index.ts';",
  'packages/sync/src/server/index.ts': "export { one } from '../common/index.ts';",
  'packages/contracts/package.json': manifest('contracts'),
  'packages/contracts/src/index.ts': "export { one } from '@lifeverse/base';\nexport interface Guest { name: string }",
  'packages/world/package.json': manifest('world'),
  'packages/world/src/index.ts': "export { one } from '@lifeverse/sync/server';",
  'packages/client/package.json': manifest('client'),
  'packages/client/src/index.ts': "export { one } from '@lifeverse/sync/client';",
  'packages/node-kit/package.json': manifest('node-kit'),
  'packages/node-kit/src/index.ts': "import 'node:fs';\nexport { one } from '@lifeverse/base';",
  'services/zone/package.json': manifest('zone'),
  'services/zone/src/index.ts': "import 'node:net';\nexport { one } from '@lifeverse/world';",
  'services/gateway/package.json': manifest('gateway'),
  'services/gateway/src/index.ts': "export { one } from '@lifeverse/node-kit';",
  'worlds/town/package.json': manifest('town', worldExports),
  'worlds/town/src/index.ts': "export { one } from '@lifeverse/definition';",
  'worlds/town/src/server.ts':
    "import { one } from './index.ts';\nexport { one } from '@lifeverse/world';\nexport const two = one;",
  'apps/play/package.json': manifest('play', { exports: {} }),
  'apps/play/src/main.ts':
    "import type { Guest } from '@lifeverse/contracts';\nimport '@lifeverse/client';\nimport '@lifeverse/town';\nlet guest: Guest;",
  'cli/package.json': manifest('cli', { exports: {} }),
  'cli/src/main.ts': "import '@lifeverse/gateway';\nimport '@lifeverse/zone';\nimport '@lifeverse/town/server';",
};

function objections(planted: Record<string, string | object>): string[] {
  return (importDirection.run(plantRepo({ ...house, ...planted })) as { where: string; what: string }[]).map(
    ({ where, what }) => `${where} ${what}`,
  );
}

describe('import direction', () => {
  it('is content with the house as drawn', () => {
    expect(objections({})).toEqual([]);
  });

  it.each([
    [
      'an import that points up',
      'packages/base/src/index.ts',
      "import '@lifeverse/definition';",
      'packages/base must not import packages/definition',
    ],
    [
      'sync/client to sync/server',
      'packages/sync/src/client/index.ts',
      "import '../server/index.ts';",
      'must not import packages/sync/server',
    ],
    [
      'sync/server to sync/client',
      'packages/sync/src/server/index.ts',
      "import '../client/index.ts';",
      'must not import packages/sync/client',
    ],
    [
      'sync/common to sync/server',
      'packages/sync/src/common/index.ts',
      "import '../server/index.ts';",
      'must not import packages/sync/server',
    ],
    ['a fourth part of sync', 'packages/sync/src/extra/a.ts', "import './b.ts';", 'packages/sync/extra is no room'],
    [
      'the client to the server side',
      'packages/client/src/index.ts',
      "import '@lifeverse/sync/server';",
      'must not import packages/sync/server',
    ],
    [
      'the client to the world',
      'packages/client/src/index.ts',
      "import('@lifeverse/world');",
      'must not import packages/world',
    ],
    [
      'the world to the client side',
      'packages/world/src/index.ts',
      "import '@lifeverse/sync/client';",
      'must not import packages/sync/client',
    ],
    [
      'service to service',
      'services/zone/src/index.ts',
      "import '@lifeverse/gateway';",
      'services must not import services',
    ],
    [
      'a service to a world',
      'services/zone/src/index.ts',
      "import '@lifeverse/town/server';",
      'services must not import worlds/server',
    ],
    [
      'a package to a service',
      'packages/node-kit/src/index.ts',
      "import '@lifeverse/gateway';",
      'must not import services',
    ],
    [
      'an app to a world server',
      'apps/play/src/main.ts',
      "import '@lifeverse/town/server';",
      'apps must not import worlds/server',
    ],
    [
      'an app to more than types of contracts',
      'apps/play/src/main.ts',
      "import { one } from '@lifeverse/contracts';",
      "write 'import type'",
    ],
    [
      'a world to what lies beneath',
      'worlds/town/src/index.ts',
      "import '@lifeverse/sync/common';",
      'worlds/shared must not import packages/sync/common',
    ],
    [
      'the shared part to its server',
      'worlds/town/src/index.ts',
      "import '@lifeverse/world';",
      'worlds/shared must not import packages/world',
    ],
    [
      'a package to a package by path',
      'packages/definition/src/index.ts',
      "import '../../base/src/index.ts';",
      'import @lifeverse/base by name',
    ],
    [
      'a worker of another package by path',
      'cli/src/main.ts',
      "new URL('../../services/zone/src/index.ts', import.meta.url);",
      'by path',
    ],
    [
      'a name that is not exported',
      'packages/definition/src/index.ts',
      "import '@lifeverse/base/inner';",
      'exports no file',
    ],
    ['a file that does not exist', 'packages/base/src/index.ts', "import './gone.ts';", 'there is no file'],
    ['Node in a core', 'packages/definition/src/index.ts', "import 'node:fs';", 'does not exist everywhere'],
    ["Node in a service's core", 'services/zone/src/core/tick.ts', "import 'node:fs';", 'does not exist everywhere'],
    ['Node without its prefix', 'packages/node-kit/src/index.ts', "import 'fs';", "write 'node:fs'"],
    [
      'a type import that points up',
      'packages/base/src/index.ts',
      "type T = import('@lifeverse/definition').T;",
      'must not import packages/definition',
    ],
    [
      'a re-export that points up',
      'packages/base/src/index.ts',
      "export * from '@lifeverse/definition';",
      'must not import packages/definition',
    ],
    ['text that does not parse', 'packages/base/src/index.ts', 'export const = 1;', 'does not parse'],
  ])('objects to %s', (_, path, code, expected) => {
    const extra = path.includes('/extra/') ? { 'packages/sync/src/extra/b.ts': 'export {};' } : {};
    const found = objections({ ...extra, [path]: code });
    expect(found).toContainEqual(expect.stringContaining(expected));
    expect(found.every((line) => line.startsWith(path))).toBe(true);
  });

  it('lets a world keep server files beside ./server as long as . does not reach them', () => {
    const files = { 'worlds/town/src/residents.ts': "export { one } from '@lifeverse/world';" };
    expect(objections({ ...files, 'worlds/town/src/server.ts': "import './residents.ts';" })).toEqual([]);
    expect(objections({ ...files, 'worlds/town/src/index.ts': "import './residents.ts';" })).toEqual([
      "worlds/town/src/residents.ts:1 worlds/shared must not import packages/world ('@lifeverse/world')",
    ]);
  });

  it('lets an app see what a world exports for the eye, as long as no server part stands behind it', () => {
    const exports = { '.': './src/index.ts', './decor': './src/decor.ts', './server': './src/server.ts' };
    const files = {
      'worlds/town/package.json': manifest('town', { exports }),
      'apps/play/src/main.ts': "import '@lifeverse/town/decor';",
      'worlds/town/src/decor.ts': "import './index.ts';",
    };
    expect(objections(files)).toEqual([]);
    expect(objections({ ...files, 'worlds/town/src/index.ts': "import './decor.ts';" })).toEqual([]);
    expect(objections({ ...files, 'worlds/town/src/decor.ts': "import './server.ts';" })).toEqual([
      "worlds/town/src/server.ts:2 worlds/shown must not import packages/world ('@lifeverse/world')",
    ]);
  });

  it('lets tests see all of their own package and of those beneath, but not what stands above', () => {
    const test = (code: string) => `import 'vitest';\nimport 'node:fs';\n${code}`;
    expect(objections({ 'packages/client/src/a.test.ts': test("import '@lifeverse/sync/server';") })).toEqual([]);
    expect(objections({ 'services/zone/src/a.test.ts': test("import '@lifeverse/client';") })).toEqual([]);
    expect(objections({ 'packages/client/src/a.test.ts': test("import '@lifeverse/gateway';") })).toEqual([
      "packages/client/src/a.test.ts:3 a test in packages/client must not import services ('@lifeverse/gateway')",
    ]);
  });

  it('lets tests use what another package gives to tests, by its name', () => {
    const gateway = manifest('gateway', { exports: { '.': './src/index.ts', './test-door': './src/test-door.ts' } });
    const door = {
      'services/gateway/package.json': gateway,
      'services/gateway/src/test-door.ts': "import 'node:net';",
    };
    const test = (specifier: string) => ({ 'apps/play/src/a.test.ts': `import 'vitest';\nimport '${specifier}';` });
    expect(objections({ ...door, ...test('@lifeverse/gateway/test-door') })).toEqual([]);
    expect(objections({ ...door, ...test('../../../services/gateway/src/test-door.ts') })).toEqual([
      expect.stringContaining('crosses into services/gateway by path'),
    ]);
  });

  it('keeps what is there for tests out of what ships', () => {
    const hall = { 'services/zone/src/test-hall.ts': "import '@lifeverse/client';\nexport const hall = 1;" };
    expect(objections({ ...hall, 'services/zone/src/a.test.ts': "import './test-hall.ts';" })).toEqual([]);
    expect(objections({ ...hall, 'services/zone/src/main.ts': "import './test-hall.ts';" })).toEqual([
      "services/zone/src/main.ts:1 './test-hall.ts' is there for tests",
    ]);
  });
});
