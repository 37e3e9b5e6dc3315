import { posix } from 'node:path';
import type { ModuleGraph } from './module-graph.ts';
import { isConfigPath } from './rooms.ts';
import { isTestPath } from './source-module.ts';
import type { Workspace } from './workspace.ts';

/** Where use of the repository begins: what ships, and the tests. Both are sets of module paths. */
export interface EntryPoints {
  readonly shipped: ReadonlySet<string>;
  readonly tests: ReadonlySet<string>;
}

export function entryPoints(graph: ModuleGraph): EntryPoints {
  const shipped = new Set<string>();
  for (const workspace of [graph.workspaces.root, ...graph.workspaces.all]) {
    for (const path of namedInManifest(workspace)) shipped.add(path);
  }
  for (const path of graph.repo.paths) {
    if (path.endsWith('/index.html')) for (const script of scriptsOfPage(graph, path)) shipped.add(script);
  }
  const tests = new Set<string>();
  for (const path of graph.modules.keys()) {
    if (isTestPath(path)) tests.add(path);
    else if (isConfigPath(path) || path.endsWith('.d.ts') || posix.basename(path) === 'main.ts') shipped.add(path);
  }
  return { shipped, tests };
}

function namedInManifest({ folder, manifest, exports }: Workspace): string[] {
  const bin = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin ?? {});
  const inScripts = Object.values(manifest.scripts ?? {}).flatMap(
    (script) => script.match(/[\w./-]+\.m?[jt]s\b/g) ?? [],
  );
  return [...[...exports.values()].flat(), ...[...bin, ...inScripts].map((path) => posix.join(folder, path))];
}

function scriptsOfPage(graph: ModuleGraph, page: string): string[] {
  const sources = [...(graph.repo.text(page) ?? '').matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)];
  return sources.flatMap(([, specifier]) => {
    const target = graph.resolve(page, { specifier: specifier as string });
    return target.kind === 'module' ? [target.path] : [];
  });
}
