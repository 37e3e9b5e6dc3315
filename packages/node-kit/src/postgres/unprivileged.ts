import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { ConfigurationError } from '../config/read-options.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

let found: Owner | null = null;

/**
 * Whom PostgreSQL runs as, which refuses to be root: a user that every machine has. Null when this process is not root. Looked up
 * once, as that holds up whatever else the process does.
 */
export function unprivilegedOwner(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  found ??= lookedUp();
  return found;
}

function lookedUp(): Owner {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one, then.
    }
  }
  throw new ConfigurationError(
    'PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as.',
  );
}

/** Gives the folder to whom PostgreSQL runs as. */
export function giveTo(owner: Owner | null, path: string): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}

/**
 * Starts a program as that user. It may still pass through folders that are closed to others (a project under /root),
 * and nothing more of root is left to it. On Linux it is told to stop (SIGINT) when this process dies.
 */
export function spawnAs(
  owner: Owner | null,
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (process.platform !== 'linux')
    return spawn(program, args, owner === null ? options : { ...options, uid: owner.uid, gid: owner.gid });
  // Without the fixup, access(2) would judge by the user alone, and initdb asks by it for its own path.
  const passing = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=-all,+dac_read_search',
    '--ambient-caps=-all,+dac_read_search',
  ];
  const as = owner === null ? [] : [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...passing];
  return spawn('setpriv', ['--pdeathsig=INT', ...as, '--', program, ...args], options);
}
