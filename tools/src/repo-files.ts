import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository as the checks see it: read once, then only looked at. Paths are relative, with `/`. */
export interface RepoFiles {
  readonly root: string;
  /** Every file, sorted; what is built, downloaded or measured is left out. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** The text of a file, or `undefined` where there is none. */
  text(path: string): string | undefined;
}

const leftOutNames = new Set(['.git', 'node_modules', 'dist', 'test-output', '.lifeverse']);
const leftOutPaths = new Set(['bench/results']);
const textual = /\.(ts|mts|js|mjs|json|md|html|css|yml|yaml|txt)$|(^|\/)(\.gitignore|\.npmrc)$/;

export function readRepoFiles(root: string): RepoFiles {
  const texts = new Map<string, string | null>();
  const visit = (folder: string): void => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (leftOutNames.has(entry.name) || leftOutPaths.has(path)) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) texts.set(path, textual.test(path) ? readFileSync(join(root, path), 'utf8') : null);
    }
  };
  visit('');
  return {
    root,
    paths: [...texts.keys()].sort(),
    has: (path) => texts.has(path),
    text: (path) => texts.get(path) ?? undefined,
  };
}
