import { posix } from 'node:path';
import type { RepoFiles } from './repo-files.ts';

/** The parts of a package.json that the checks read. */
export interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly exports?: unknown;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** A package of this repository; the root is one too, with an empty folder and no rooms of its own. */
export interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly manifest: Manifest;
  readonly manifestPath: string;
  /** `.`, `./server` ... to the repository paths that stand behind it, one for each condition. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
}

export interface Workspaces {
  readonly root: Workspace;
  readonly all: readonly Workspace[];
  byName(name: string): Workspace | undefined;
  /** The package a file belongs to; the root for what lies outside every package. */
  of(path: string): Workspace;
}

export function workspacesOf(repo: RepoFiles): Workspaces {
  const root = readWorkspace(repo, '');
  const all = (root.manifest.workspaces ?? [])
    .flatMap((pattern) => foldersMatching(repo, pattern))
    .map((folder) => readWorkspace(repo, folder));
  const names = new Map(all.map((workspace) => [workspace.name, workspace]));
  const deepestFirst = [...all].sort((a, b) => b.folder.length - a.folder.length);
  return {
    root,
    all,
    byName: (name) => names.get(name),
    of: (path) => deepestFirst.find(({ folder }) => path.startsWith(`${folder}/`)) ?? root,
  };
}

function foldersMatching(repo: RepoFiles, pattern: string): string[] {
  const folders = repo.paths
    .filter((path) => posix.basename(path) === 'package.json')
    .map((path) => posix.dirname(path));
  if (!pattern.endsWith('/*')) return folders.filter((folder) => folder === pattern);
  return folders.filter((folder) => posix.dirname(folder) === pattern.slice(0, -2));
}

function readWorkspace(repo: RepoFiles, folder: string): Workspace {
  const manifestPath = posix.join(folder, 'package.json');
  const manifest = JSON.parse(repo.text(manifestPath) ?? '{}') as Manifest;
  const exports = new Map<string, string[]>();
  for (const [subpath, target] of exportEntries(manifest.exports)) {
    exports.set(
      subpath,
      targetPaths(target).map((path) => posix.join(folder, path)),
    );
  }
  return { folder, name: manifest.name ?? folder, manifest, manifestPath, exports };
}

function exportEntries(exports: unknown): [string, unknown][] {
  if (typeof exports === 'string') return [['.', exports]];
  if (typeof exports !== 'object' || exports === null) return [];
  const entries = Object.entries(exports);
  return entries.every(([key]) => key.startsWith('.')) ? entries : [['.', exports]];
}

function targetPaths(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(targetPaths) : [];
}
