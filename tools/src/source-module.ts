import { type Edge, type ModuleExport, moduleEdges, moduleExports } from './module-syntax.ts';
import type { RepoFiles } from './repo-files.ts';
import { parseSyntax, type SyntaxNode } from './syntax.ts';

export interface SourceModule {
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  readonly errors: readonly string[];
  readonly edges: readonly Edge[];
  /** What this module itself declares and exports; what it passes on is in `edges`. */
  readonly exports: readonly ModuleExport[];
  lineAt(offset: number): number;
}

const known = new WeakMap<RepoFiles, ReadonlyMap<string, SourceModule>>();

/** Every TypeScript and JavaScript module of the repository by path, parsed once for all checks. */
export function sourceModules(repo: RepoFiles): ReadonlyMap<string, SourceModule> {
  const before = known.get(repo);
  if (before) return before;
  const modules = new Map<string, SourceModule>();
  for (const path of repo.paths) {
    if (/\.(ts|mts|js|mjs)$/.test(path)) modules.set(path, parseModule(path, repo.text(path) ?? ''));
  }
  known.set(repo, modules);
  return modules;
}

function parseModule(path: string, text: string): SourceModule {
  const { program, errors } = parseSyntax(path, text);
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lineStarts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  return {
    path,
    text,
    program,
    errors,
    edges: moduleEdges(program, lineAt),
    exports: moduleExports(program, lineAt),
    lineAt,
  };
}

export function isTestPath(path: string): boolean {
  return /\.test\.ts$/.test(path);
}

/** Tests, and what exists only for them: `test-hall.ts`, or a module that imports the test runner. */
export function isForTests(module: SourceModule): boolean {
  if (isTestPath(module.path) || /(^|\/)test-[^/]+\.ts$/.test(module.path)) return true;
  return module.edges.some((edge) => /^(vitest|fast-check)(\/|$)/.test(edge.specifier));
}
