import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

/** Where and on what the figures were taken. */
export interface Provenance {
  readonly date: string;
  /** Short hash; with `+` behind it when the tree, but for results, differed from it. `none` outside a repository. */
  readonly commit: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
}

export function provenance(now: Date): Provenance {
  const cores = cpus();
  return {
    date: now.toISOString(),
    commit: commitOf(),
    node: process.version,
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
  };
}

function commitOf(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const hash = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain', '--', ':/', ':!/bench/results') === '' ? hash : `${hash}+`;
  } catch {
    return 'none';
  }
}
