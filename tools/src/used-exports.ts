import type { ModuleGraph } from './module-graph.ts';
import { isConfigPath } from './rooms.ts';

/**
 * Which exports are asked for, followed through re-exports to where each name is declared. Everything the surfaces
 * export counts as asked for; so does everything of a module taken whole (`import * as`, `import()`).
 */
export function usedExports(
  graph: ModuleGraph,
  surfaces: ReadonlySet<string>,
  reached: ReadonlySet<string>,
): (path: string, name: string) => boolean {
  const used = new Set<string>();
  const ask = (path: string, name: string): void => {
    const key = `${path}\n${name}`;
    const module = graph.modules.get(path);
    if (!module || used.has(key)) return;
    used.add(key);
    for (const edge of module.edges) {
      if (edge.kind !== 'reexport') continue;
      const target = graph.resolve(path, edge);
      if (target.kind !== 'module') continue;
      for (const { imported, exported } of edge.names) {
        if (name === '*' || exported === name) ask(target.path, imported);
        else if (exported === '*') ask(target.path, name);
      }
    }
  };
  for (const path of surfaces) ask(path, '*');
  for (const path of reached) {
    for (const edge of graph.modules.get(path)?.edges ?? []) {
      const target = graph.resolve(path, edge);
      if (edge.kind === 'reexport' || target.kind !== 'module') continue;
      // A worker or a child process is started, not imported: none of its exports is asked for by that.
      if (edge.kind !== 'file') for (const { imported } of edge.names) ask(target.path, imported);
      // The tool that reads these settings loads the file they name, for what it exports by default.
      else if (isConfigPath(path)) ask(target.path, 'default');
    }
  }
  return (path, name) => used.has(`${path}\n${name}`) || used.has(`${path}\n*`);
}
