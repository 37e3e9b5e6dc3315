import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Edge } from './module-syntax.ts';
import type { RepoFiles } from './repo-files.ts';
import { type SourceModule, sourceModules } from './source-module.ts';
import { type Workspace, type Workspaces, workspacesOf } from './workspace.ts';

/** What a specifier means from where it stands. */
export type Target =
  | { readonly kind: 'module'; readonly path: string; readonly byName: Workspace | null }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'external'; readonly packageName: string }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'asset'; readonly path: string };

export interface ModuleGraph {
  readonly repo: RepoFiles;
  readonly workspaces: Workspaces;
  readonly modules: ReadonlyMap<string, SourceModule>;
  resolve(from: string, edge: Pick<Edge, 'specifier'>): Target;
  /** Everything that the given modules lead to, themselves included. */
  reachableFrom(entries: Iterable<string>): Set<string>;
}

const known = new WeakMap<RepoFiles, ModuleGraph>();
const builtins = new Set(builtinModules);

export function moduleGraph(repo: RepoFiles): ModuleGraph {
  const before = known.get(repo);
  if (before) return before;
  const workspaces = workspacesOf(repo);
  const modules = sourceModules(repo);
  const resolve = (from: string, { specifier }: Pick<Edge, 'specifier'>): Target =>
    specifier.startsWith('.') || specifier.startsWith('/')
      ? resolvePath(repo, workspaces, from, specifier)
      : resolveName(repo, workspaces, specifier);
  const reachableFrom = (entries: Iterable<string>): Set<string> => {
    const reached = new Set<string>();
    const open = [...entries];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const module = modules.get(path);
      if (!module || reached.has(path)) continue;
      reached.add(path);
      for (const edge of module.edges) {
        const target = resolve(path, edge);
        if (target.kind === 'module') open.push(target.path);
      }
    }
    return reached;
  };
  const graph: ModuleGraph = { repo, workspaces, modules, resolve, reachableFrom };
  known.set(repo, graph);
  return graph;
}

/** A leading `/` is how an index.html names a module of its own package. */
function resolvePath(repo: RepoFiles, workspaces: Workspaces, from: string, specifier: string): Target {
  const bare = specifier.replace(/[?#].*$/, '');
  const start = bare.startsWith('/') ? workspaces.of(from).folder : posix.dirname(from);
  const path = posix.join(start, bare);
  if (!repo.has(path)) return { kind: 'missing', why: `there is no file ${path}` };
  return /\.(ts|mts|js|mjs)$/.test(path) ? { kind: 'module', path, byName: null } : { kind: 'asset', path };
}

function resolveName(repo: RepoFiles, workspaces: Workspaces, specifier: string): Target {
  const name = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtins.has(name)) return { kind: 'builtin', name };
  const [first, second] = specifier.split('/') as [string, string | undefined];
  const packageName = first.startsWith('@') ? `${first}/${second}` : first;
  const workspace = workspaces.byName(packageName);
  if (!workspace) return { kind: 'external', packageName };
  const subpath = `.${specifier.slice(packageName.length)}`;
  const path = workspace.exports.get(subpath)?.find((candidate) => repo.has(candidate));
  if (path === undefined) return { kind: 'missing', why: `${packageName} exports no file as ${subpath}` };
  return { kind: 'module', path, byName: workspace };
}
