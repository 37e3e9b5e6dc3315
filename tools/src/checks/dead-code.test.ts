import { describe, expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { deadCode } from './dead-code.ts';

const good = {
  'package.json': { workspaces: ['packages/*', 'apps/*', 'cli'], scripts: { check: 'node packages/base/src/tidy.ts' } },
  'vitest.config.ts': "export default { globalSetup: join(import.meta.dirname, 'packages/base/src/set-up.ts') };",
  'packages/base/src/set-up.ts': 'export default function setUp() {}',
  'packages/base/package.json': manifest('base', {
    exports: { '.': { types: './src/index.ts', default: './src/index.ts' } },
  }),
  'packages/base/src/index.ts':
    "export { one, type Shape } from './one.ts';\nexport * from './all.ts';\nexport const open = 1;",
  'packages/base/src/one.ts':
    'export const one: Inner = 1;\nexport interface Shape { inner: Inner }\nexport type Inner = number;\nexport const forTest = 2;',
  'packages/base/src/one.test.ts': "import { forTest } from './one.ts';\nimport { plant } from './plant.ts';",
  'packages/base/src/two.test.ts': "import { plant } from './plant.ts';",
  'packages/base/src/plant.ts': 'export const plant = 1;',
  'packages/base/src/all.ts':
    'export const a = 1, { b, c: [d] } = { b: 1, c: [2] };\nexport function e() {}\nexport class F {}',
  'packages/base/src/tidy.ts': "import * as deep from './deep.ts';\nconst lazy = await import('./lazy.ts');",
  'packages/base/src/deep.ts': 'export const x = 1;\nexport const y = 2;',
  'packages/base/src/lazy.ts': 'export const z = 1;\nexport default 3;',
  'packages/base/src/ambient.d.ts': 'declare const VERSION: string;',
  'apps/play/package.json': manifest('play', { exports: {} }),
  'apps/play/index.html': '<script type="module" src="/src/start.ts"></script>',
  'apps/play/src/start.ts': "import '@lifeverse/base';",
  'cli/package.json': manifest('cli', { exports: {}, bin: { lifeverse: 'bin/lifeverse.mjs' } }),
  'cli/bin/lifeverse.mjs': "await import('../src/start.ts');",
  'cli/src/start.ts':
    "new Worker(new URL('./worker.ts', import.meta.url));\nfork(join(import.meta.dirname, '..', 'src', 'child.ts'));\nspawn(import.meta.resolve('./other.ts'));",
  'cli/src/worker.ts': 'self.onmessage = () => {};',
  'cli/src/child.ts': 'process.send(1);',
  'cli/src/other.ts': 'process.send(1);',
};
const run = (planted: Record<string, string | object> = {}) => deadCode.run(plantRepo({ ...good, ...planted }));

describe('dead code', () => {
  it('knows every way to be alive', () => {
    expect(run()).toEqual([]);
  });

  it('finds a file that nothing leads to, and files that only lead to one another', () => {
    expect(
      run({
        'packages/base/src/lost.ts': 'export {};',
        'packages/base/src/tick.ts': "import './tock.ts';",
        'packages/base/src/tock.ts': "import './tick.ts';",
      }),
    ).toEqual([
      { where: 'packages/base/src/lost.ts', what: 'nothing leads to this file' },
      { where: 'packages/base/src/tick.ts', what: 'nothing leads to this file' },
      { where: 'packages/base/src/tock.ts', what: 'nothing leads to this file' },
    ]);
  });

  it('finds a file kept alive by its own test', () => {
    const test = "import { old } from './old.ts';";
    expect(run({ 'packages/base/src/old.ts': 'export const old = 1;', 'packages/base/src/old.test.ts': test })).toEqual(
      [{ where: 'packages/base/src/old.ts', what: 'only its own test leads to this file' }],
    );
  });

  it('finds a page script that is gone from the page', () => {
    expect(run({ 'apps/play/index.html': '<p>' })).toEqual([
      { where: 'apps/play/src/start.ts', what: 'nothing leads to this file' },
    ]);
  });

  it.each([
    ['a value', 'export const spare = 1;', 'spare'],
    ['a function', 'export function spare() { return spare; }', 'spare'],
    ['one of a pattern', 'export const { spare } = { spare: 1 };', 'spare'],
    ['a type that nothing mentions', 'export type Spare = 1;', 'Spare'],
    ['a listed name', 'const spare = 1;\nexport { spare as reserve };', 'reserve'],
  ])('finds an export that nobody imports: %s', (_, code, name) => {
    const found = run({
      'packages/base/src/deep.ts': 'export {};',
      'packages/base/src/lazy.ts': 'export {};',
      'packages/base/src/plant.ts': `export const plant = 1;\n${code}`,
    });
    expect(found).toEqual([
      { where: expect.stringContaining('packages/base/src/plant.ts:'), what: `nobody imports '${name}'` },
    ]);
  });

  it('does not take an import under another name, or from another module, for a use', () => {
    const found = run({
      'packages/base/src/index.ts': "export { one as forTest, type Shape } from './one.ts';\nexport * from './all.ts';",
      'packages/base/src/one.test.ts': "import { plant } from './plant.ts';",
    });
    expect(found).toEqual([{ where: 'packages/base/src/one.ts:4', what: "nobody imports 'forTest'" }]);
  });
});
