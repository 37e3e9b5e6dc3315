import type { ModuleGraph } from './module-graph.ts';
import { isTestPath } from './source-module.ts';

/**
 * A room is a layer: a package, a third of `sync`, a service, the shared or the server part of a world, an app.
 * The arrows say what a room may import; what lies beneath an allowed room is allowed too.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'packages/base': [],
  'packages/protocol': ['packages/base'],
  'packages/definition': ['packages/protocol'],
  'packages/sync/common': ['packages/definition'],
  'packages/sync/client': ['packages/sync/common'],
  'packages/sync/server': ['packages/sync/common'],
  'packages/contracts': ['packages/protocol'],
  'packages/world': ['packages/sync/server', 'packages/contracts'],
  'packages/client': ['packages/sync/client'],
  'packages/node-kit': ['packages/contracts'],
  services: ['packages/world', 'packages/node-kit'],
  apps: ['packages/client', 'packages/contracts', 'worlds/shared'],
  cli: ['packages/client', 'services', 'worlds/server'],
  sim: ['packages/client', 'services', 'worlds/server'],
  bench: ['packages/client', 'services', 'worlds/server'],
  tools: [],
  root: [],
};

/**
 * A world is what a game developer writes: it sees what is made for that, and the basics (seeded random, assertions),
 * but neither wire nor streams.
 */
const worldArrows: Readonly<Record<string, readonly string[]>> = {
  'worlds/shared': ['packages/base', 'packages/definition'],
  'worlds/server': ['packages/base', 'packages/definition', 'packages/world', 'worlds/shared'],
};

const beneath = new Map<string, ReadonlySet<string>>();

/** Every room that `room` may import besides itself, or `undefined` for a room that is not in the table. */
export function allowedRooms(room: string): ReadonlySet<string> | undefined {
  const ofWorld = worldArrows[room];
  if (ofWorld) return new Set(ofWorld);
  const direct = arrows[room];
  if (!direct) return undefined;
  const before = beneath.get(room);
  if (before) return before;
  const allowed = new Set(direct.flatMap((next) => [next, ...(allowedRooms(next) ?? [])]));
  beneath.set(room, allowed);
  return allowed;
}

/** Names the room a file stands in; its part of a world is decided by what the world's `.` reaches. */
export function roomNamer(graph: ModuleGraph): (path: string) => string {
  const shared = new Map<string, ReadonlySet<string>>();
  for (const workspace of graph.workspaces.all) {
    if (workspace.folder.startsWith('worlds/')) {
      shared.set(workspace.folder, graph.reachableFrom(workspace.exports.get('.') ?? []));
    }
  }
  return (path) => {
    const { folder } = graph.workspaces.of(path);
    if (folder === '') return 'root';
    if (folder === 'packages/sync') return `packages/sync/${path.split('/')[3] ?? ''}`;
    if (folder.startsWith('packages/')) return folder;
    if (!folder.startsWith('worlds/')) return folder.split('/')[0] as string;
    return shared.get(folder)?.has(path) ? 'worlds/shared' : 'worlds/server';
  };
}

/** Settings of build tools: they run on the developer's machine, outside every layer. */
export function isConfigPath(path: string): boolean {
  return /(^|\/)[a-z]+\.config\.(ts|mts|js|mjs)$/.test(path);
}

/** Where Node's own modules may be used: everywhere else runs in a browser or on virtual time too. */
export function mayUseNode(path: string): boolean {
  if (isTestPath(path) || isConfigPath(path)) return true;
  if (/^services\/[^/]+\/src\/core\//.test(path)) return false;
  return /^(packages\/node-kit|services|cli|sim|bench|tools)\//.test(path);
}
