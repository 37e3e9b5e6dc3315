import type { Check, Finding } from '../finding.ts';
import { moduleGraph, type Target } from '../module-graph.ts';
import type { RepoFiles } from '../repo-files.ts';
import { isConfigPath } from '../rooms.ts';
import { isForTests, type SourceModule } from '../source-module.ts';
import { stringValue, walk } from '../syntax.ts';
import type { Workspace } from '../workspace.ts';

/** A package declares what it imports, and imports what it declares. */
export const declaredDependencies: Check = { name: 'declared-dependencies', run: compareImportsWithManifests };

function compareImportsWithManifests(repo: RepoFiles): Finding[] {
  const graph = moduleGraph(repo);
  const { root } = graph.workspaces;
  const used = new Map<Workspace, Set<string>>(graph.workspaces.all.map((workspace) => [workspace, new Set()]));
  const findings: Finding[] = [];
  for (const module of graph.modules.values()) {
    const owner = graph.workspaces.of(module.path);
    const names = used.get(owner);
    for (const value of namedInStrings(module)) names?.add(value);
    for (const edge of module.edges) {
      const name = packageOf(graph.resolve(module.path, edge));
      if (name === null || name === owner.name) continue;
      names?.add(name);
      if (!declaredFor(module, owner, root).has(name)) {
        findings.push({ where: `${module.path}:${edge.line}`, what: `${owner.manifestPath} does not declare ${name}` });
      }
    }
  }
  for (const [workspace, names] of used) {
    const { dependencies, devDependencies, optionalDependencies } = workspace.manifest;
    for (const name of Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      const typesOf = name.startsWith('@types/') ? name.slice('@types/'.length) : null;
      if (names.has(name) || (typesOf !== null && (typesOf === 'node' || names.has(typesOf)))) continue;
      findings.push({ where: workspace.manifestPath, what: `declares ${name} and does not use it` });
    }
  }
  return findings;
}

function packageOf(target: Target): string | null {
  if (target.kind === 'external') return target.packageName;
  return target.kind === 'module' && target.byName ? target.byName.name : null;
}

/** What ships needs a `dependency` of its own package; tests and settings may use the developer's tools. */
function declaredFor(module: SourceModule, owner: Workspace, root: Workspace): ReadonlySet<string> {
  const own = { ...owner.manifest.dependencies, ...owner.manifest.optionalDependencies };
  if (owner !== root && !isForTests(module) && !isConfigPath(module.path)) return new Set(Object.keys(own));
  const { devDependencies } = owner.manifest;
  const shared = { ...root.manifest.dependencies, ...root.manifest.devDependencies };
  return new Set(Object.keys({ ...own, ...devDependencies, ...shared }));
}

/** Some packages are named rather than imported: a log target, a transport, a plugin. */
function namedInStrings(module: SourceModule): Set<string> {
  const values = new Set<string>();
  walk(module.program, ({ node, key }) => {
    if (key === 'source') return;
    const value = stringValue(node);
    if (value !== undefined) values.add(value);
  });
  return values;
}
