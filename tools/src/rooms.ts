import type { ModuleGraph } from './module-graph.ts';
import { isTestPath } from './source-module.ts';

/**
 * A room is a layer: a package, a third of `sync`, a service, a part of a world, an app.
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
  apps: ['packages/client', 'packages/contracts', 'worlds/shown'],
  cli: ['packages/client', 'services', 'worlds/server'],
  sim: ['packages/client', 'services', 'worlds/server'],
  bench: ['packages/client', 'services', 'worlds/server'],
  tools: [],
  root: [],
};

/**
 * A world is what a game developer writes: it sees what is made for that, and the basics (seeded random, assertions),
 * but neither wire nor streams. Its parts: what `.` reaches is shared by client and server, and predicted; what its other
 * exports reach is shown only, such as decoration; `./server`, and all the rest, never leaves the server.
 */
const worldArrows: Readonly<Record<string, readonly string[]>> = {
  'worlds/shared': ['packages/base', 'packages/definition'],
  'worlds/shown': ['packages/base', 'packages/definition', 'worlds/shared'],
  'worlds/server': ['packages/base', 'packages/definition', 'packages/world', 'worlds/shared', 'worlds/shown'],
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

/** Names the room a file stands in; its part of a world is decided by which of the world's exports reach it. */
export function roomNamer(graph: ModuleGraph): (path: string) => string {
  const parts = new Map<string, 'worlds/shared' | 'worlds/shown'>();
  for (const { folder, exports } of graph.workspaces.all) {
    if (!folder.startsWith('worlds/')) continue;
    const others = [...exports].filter(([subpath]) => subpath !== '.' && subpath !== './server');
    for (const path of graph.reachableFrom(others.flatMap(([, paths]) => paths))) parts.set(path, 'worlds/shown');
    for (const path of graph.reachableFrom(exports.get('.') ?? [])) parts.set(path, 'worlds/shared');
  }
  return (path) => {
    const { folder } = graph.workspaces.of(path);
    if (folder === '') return 'root';
    if (folder === 'packages/sync') return `packages/sync/${path.split('/')[3] ?? ''}`;
    if (folder.startsWith('packages/')) return folder;
    if (!folder.startsWith('worlds/')) return folder.split('/')[0] as string;
    return parts.get(path) ?? 'worlds/server';
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
