import type { Check, Finding } from '../finding.ts';
import { type ModuleGraph, moduleGraph, type Target } from '../module-graph.ts';
import type { Edge } from '../module-syntax.ts';
import type { RepoFiles } from '../repo-files.ts';
import { allowedRooms, isConfigPath, mayUseNode, roomNamer } from '../rooms.ts';
import { isForTests, type SourceModule } from '../source-module.ts';

/** Imports point down the layers, cross a package's border by its name only, and use Node only where it exists. */
export const importDirection: Check = { name: 'import-direction', run: findWrongImports };

function findWrongImports(repo: RepoFiles): Finding[] {
  const graph = moduleGraph(repo);
  const roomOf = roomNamer(graph);
  const findings: Finding[] = [];
  for (const module of graph.modules.values()) {
    for (const message of module.errors) findings.push({ where: module.path, what: `does not parse: ${message}` });
    for (const edge of module.edges) {
      const target = graph.resolve(module.path, edge);
      const what = objection(graph, roomOf, module, edge, target);
      if (what !== null) findings.push({ where: `${module.path}:${edge.line}`, what });
    }
  }
  return findings;
}

type RoomOf = (path: string) => string;

function objection(
  graph: ModuleGraph,
  roomOf: RoomOf,
  module: SourceModule,
  edge: Edge,
  target: Target,
): string | null {
  switch (target.kind) {
    case 'missing':
      return edge.kind === 'file' ? null : `imports '${edge.specifier}': ${target.why}`;
    case 'builtin':
      if (!edge.specifier.startsWith('node:')) return `write 'node:${target.name}', not '${edge.specifier}'`;
      return mayUseNode(module.path) || isForTests(module)
        ? null
        : `'${edge.specifier}' does not exist everywhere this runs`;
    case 'external':
    case 'asset':
      return null;
    case 'module': {
      const there = graph.modules.get(target.path);
      if (there !== undefined && isForTests(there) && !isForTests(module))
        return `'${edge.specifier}' is there for tests`;
      // A test of what stands below may need what stands above to be real: so much of it as is given to tests by name.
      if (there !== undefined && isForTests(there) && target.byName) return null;
      return borderObjection(graph, module, edge, target) ?? directionObjection(roomOf, module, edge, target.path);
    }
  }
}

function borderObjection(
  graph: ModuleGraph,
  module: SourceModule,
  edge: Edge,
  target: Target & { kind: 'module' },
): string | null {
  const from = graph.workspaces.of(module.path);
  const to = graph.workspaces.of(target.path);
  if (from === to || target.byName || isConfigPath(module.path)) return null;
  return `'${edge.specifier}' crosses into ${to.folder || 'the root'} by path: import ${to.name} by name`;
}

function directionObjection(roomOf: RoomOf, module: SourceModule, edge: Edge, path: string): string | null {
  const from = roomOf(module.path);
  const to = roomOf(path);
  if (from === to && (from !== 'services' || sameFolder(module.path, path)) && isKnownPart(from)) return null;
  if (isConfigPath(module.path)) return null;
  if (from.startsWith('worlds/') && to.startsWith('worlds/') && !sameFolder(module.path, path)) {
    return `a world does not import another world ('${edge.specifier}')`;
  }
  if (isForTests(module)) return testObjection(from, to, module.path, path, edge);
  const allowed = allowedRooms(from);
  if (!allowed) return `${from} is no room of the house: tools/src/rooms.ts says which there are`;
  if (!allowed.has(to)) return `${from} must not import ${to} ('${edge.specifier}')`;
  if (from === 'apps' && to === 'packages/contracts' && !edge.typeOnly) {
    return `apps take only types from ${to}: write 'import type' ('${edge.specifier}')`;
  }
  return null;
}

/** A test may look at every part of its own package and of the packages beneath, and a service's test may be a client. */
function testObjection(from: string, to: string, fromPath: string, toPath: string, edge: Edge): string | null {
  if (sameFolder(fromPath, toPath)) return null;
  const rooms = from.startsWith('worlds/')
    ? ['packages/world']
    : from === 'services'
      ? [from, 'packages/client']
      : [from];
  const allowed = rooms.flatMap((room) => [...(room === from ? [] : [room]), ...(allowedRooms(room) ?? [])]);
  const parents = new Set(allowed.map(packageOf));
  return parents.has(packageOf(to)) ? null : `a test in ${from} must not import ${to} ('${edge.specifier}')`;
}

function packageOf(room: string): string {
  return room.startsWith('packages/sync/') ? 'packages/sync' : room;
}

function isKnownPart(room: string): boolean {
  return allowedRooms(room) !== undefined;
}

function sameFolder(a: string, b: string): boolean {
  return a.split('/', 2).join('/') === b.split('/', 2).join('/');
}
