import { spawnSync } from 'node:child_process';
import type { RepoFiles } from './repo-files.ts';

/** Every committed text of a file, newest first; empty outside a git repository (an unpacked archive has no past). */
export function earlierVersions(repo: RepoFiles, path: string): string[] {
  const commits = git(repo.root, ['log', '--format=%H', '--', path])?.split('\n').filter(Boolean) ?? [];
  return commits.flatMap((commit) => git(repo.root, ['show', `${commit}:./${path}`]) ?? []);
}

function git(cwd: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
