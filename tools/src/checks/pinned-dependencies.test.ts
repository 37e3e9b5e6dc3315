import { expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { pinnedDependencies } from './pinned-dependencies.ts';

const table = (...rows: string[]): string => ['# Dependencies', '| name | why |', '|---|---|', ...rows].join('\n');
const good = {
  'package.json': { workspaces: ['packages/*'], devDependencies: { vite: '8.3.8' } },
  'packages/kit/package.json': manifest('kit', { dependencies: { ws: '8.23.0', '@lifeverse/base': '0.1.0' } }),
  'packages/base/package.json': manifest('base'),
  'docs/DEPENDENCIES.md': table(
    '| `vite` | bundles the browser application |',
    '| `ws` | WebSocket handshake and reading |',
  ),
};
const run = (planted: Record<string, string | object>) => pinnedDependencies.run(plantRepo({ ...good, ...planted }));

it('is content when all are pinned and justified', () => {
  expect(run({})).toEqual([]);
});

it.each(['^8.23.0', '~8.23.0', '8.x', 'latest', '*', '>=8', '8.23', 'github:a/b', 'file:../ws'])(
  'refuses %s',
  (version) => {
    expect(run({ 'packages/kit/package.json': manifest('kit', { dependencies: { ws: version } }) })).toEqual([
      { where: 'packages/kit/package.json', what: `ws is '${version}': pin one version` },
    ]);
  },
);

it('finds two versions of one package', () => {
  expect(run({ 'packages/base/package.json': manifest('base', { devDependencies: { vite: '8.3.7' } }) })).toEqual([
    { where: 'packages/base/package.json', what: 'vite is 8.3.7 here and 8.3.8 in package.json' },
  ]);
});

it('finds a dependency that nobody justified, one that is gone, one listed twice, and one without a reason', () => {
  const page = table(
    '| `ws` | sockets |',
    '| `ws` | WebSocket handshake and reading |',
    '| `k6` | load from many machines |',
  );
  expect(run({ 'docs/DEPENDENCIES.md': page })).toEqual([
    { where: 'docs/DEPENDENCIES.md:4', what: 'say why ws is needed' },
    { where: 'docs/DEPENDENCIES.md:5', what: 'ws is listed twice' },
    { where: 'docs/DEPENDENCIES.md:6', what: 'k6 is no direct dependency any more' },
    { where: 'package.json', what: 'vite is not justified in docs/DEPENDENCIES.md' },
  ]);
});

it('finds a page that is missing', () => {
  const { 'docs/DEPENDENCIES.md': _, ...without } = good;
  expect(pinnedDependencies.run(plantRepo(without))).toEqual([
    { where: 'docs/DEPENDENCIES.md', what: 'is missing: it justifies every direct dependency' },
  ]);
});
