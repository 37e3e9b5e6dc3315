import { expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { declaredDependencies } from './declared-dependencies.ts';

const good = {
  'package.json': { workspaces: ['packages/*'], devDependencies: { vitest: '4.1.12' } },
  'packages/base/package.json': manifest('base'),
  'packages/base/src/index.ts': 'export const one = 1;',
  'packages/kit/package.json': manifest('kit', {
    dependencies: { '@lifeverse/base': '0.1.0', pino: '10.4.0', 'pino-pretty': '13.2.0', ws: '8.23.0' },
    devDependencies: { '@types/ws': '8.18.2', 'fast-check': '4.10.2' },
  }),
  'packages/kit/src/index.ts':
    "import { one } from '@lifeverse/base';\nimport { pino } from 'pino';\nimport type { WebSocket } from 'ws';\npino({ transport: { target: 'pino-pretty', one } });\nlet socket: WebSocket;",
  'packages/kit/src/a.test.ts': "import 'vitest';\nimport 'fast-check';\nimport '@lifeverse/kit';",
};

it('is content when every import is declared and every declaration used', () => {
  expect(declaredDependencies.run(plantRepo(good))).toEqual([]);
});

it('finds an import of a package that the manifest does not declare', () => {
  const repo = plantRepo({ ...good, 'packages/base/src/index.ts': "import 'ws';\nexport const one = 1;" });
  expect(declaredDependencies.run(repo)).toEqual([
    { where: 'packages/base/src/index.ts:1', what: 'packages/base/package.json does not declare ws' },
  ]);
});

it('finds an import of another package of the house that is not declared', () => {
  const repo = plantRepo({ ...good, 'packages/base/src/index.ts': "import '@lifeverse/kit';\nexport const one = 1;" });
  expect(declaredDependencies.run(repo)).toEqual([
    { where: 'packages/base/src/index.ts:1', what: 'packages/base/package.json does not declare @lifeverse/kit' },
  ]);
});

it("does not let shipped code use the developer's tools", () => {
  const repo = plantRepo({ ...good, 'packages/kit/src/more.ts': "import 'fast-check-not';\nimport 'tinybench';" });
  expect(declaredDependencies.run(repo)).toHaveLength(2);
  const dev = plantRepo({ ...good, 'packages/kit/src/more.ts': "import type { Server } from 'ws';\nimport 'vite';" });
  expect(declaredDependencies.run(dev)).toEqual([
    { where: 'packages/kit/src/more.ts:2', what: 'packages/kit/package.json does not declare vite' },
  ]);
});

it('finds a declaration that nothing uses', () => {
  const repo = plantRepo({
    ...good,
    'packages/base/package.json': manifest('base', { dependencies: { ws: '8.23.0' } }),
  });
  expect(declaredDependencies.run(repo)).toEqual([
    { where: 'packages/base/package.json', what: 'declares ws and does not use it' },
  ]);
});
