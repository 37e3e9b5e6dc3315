import type { RepoFiles } from './repo-files.ts';

/**
 * The guides: what stands under docs/ and the root pages a reader begins with. The changelog is dated entry by entry,
 * and a SPEC has the version of the wire: both are read for their links only.
 */
export function isGuide(path: string): boolean {
  return /^(README|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$/.test(path);
}

export function guides(repo: RepoFiles): { path: string; text: string }[] {
  return repo.paths.filter(isGuide).map((path) => ({ path, text: repo.text(path) ?? '' }));
}
