import { entryPoints } from '../entry-points.ts';
import type { Check, Finding } from '../finding.ts';
import { type ModuleGraph, moduleGraph } from '../module-graph.ts';
import type { RepoFiles } from '../repo-files.ts';
import { isTestPath } from '../source-module.ts';
import { usedExports } from '../used-exports.ts';

/**
 * No module that nothing leads to, none that only its own test leads to, no export that nobody imports. What a package
 * exports is used by definition; so is a type that its own module mentions, since a signature may need it.
 */
export const deadCode: Check = { name: 'dead-code', run: findDeadCode };

function findDeadCode(repo: RepoFiles): Finding[] {
  const graph = moduleGraph(repo);
  const entries = entryPoints(graph);
  const shipped = graph.reachableFrom(entries.shipped);
  const reached = graph.reachableFrom([...entries.shipped, ...entries.tests]);
  const importers = importersOf(graph);
  const findings: Finding[] = [];
  for (const path of graph.modules.keys()) {
    if (!reached.has(path)) findings.push({ where: path, what: 'nothing leads to this file' });
    else if (!shipped.has(path) && onlyOwnTests(path, importers.get(path))) {
      findings.push({ where: path, what: 'only its own test leads to this file' });
    }
  }
  return [...findings, ...findUnusedExports(graph, entries.shipped, reached)];
}

function importersOf(graph: ModuleGraph): Map<string, Set<string>> {
  const importers = new Map<string, Set<string>>();
  for (const module of graph.modules.values()) {
    for (const edge of module.edges) {
      const target = graph.resolve(module.path, edge);
      if (target.kind !== 'module') continue;
      const known = importers.get(target.path) ?? new Set();
      importers.set(target.path, known.add(module.path));
    }
  }
  return importers;
}

/** `clock.ts` led to by `clock.test.ts` alone; a fixture or a suite shared by several tests is not meant. */
function onlyOwnTests(path: string, importers: ReadonlySet<string> | undefined): boolean {
  if (isTestPath(path) || !importers) return false;
  const stem = path.replace(/\.m?[jt]s$/, '');
  return [...importers].every((importer) => isTestPath(importer) && importer.startsWith(`${stem}.`));
}

function findUnusedExports(graph: ModuleGraph, surfaces: ReadonlySet<string>, reached: ReadonlySet<string>): Finding[] {
  const used = usedExports(graph, surfaces, reached);
  const findings: Finding[] = [];
  for (const module of graph.modules.values()) {
    if (!reached.has(module.path)) continue;
    for (const { name, line, isType } of module.exports) {
      if (used(module.path, name)) continue;
      if (isType && module.text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length !== 1) continue;
      findings.push({ where: `${module.path}:${line}`, what: `nobody imports '${name}'` });
    }
  }
  return findings;
}
