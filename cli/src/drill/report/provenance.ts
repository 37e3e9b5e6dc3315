import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

/** Of what was drilled, where, and when. */
export interface Provenance {
  readonly date: string;
  /** Short hash, with `+` behind it when files differed from it; `none` outside a repository. */
  readonly commit: string;
  readonly machine: string;
}

export function provenance(now: Date): Provenance {
  const cores = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const cpu = cores[0]?.model ?? 'processor unknown';
  return {
    date: now.toISOString(),
    commit: commitOf(),
    machine: `${cores.length} x ${cpu}, ${memoryGb} GB, ${type()} ${release()}, Node ${process.version}`,
  };
}

function commitOf(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'none';
  }
}
