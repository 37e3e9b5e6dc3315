import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The operator's token of a server on this machine, where only the user who runs it can read it: so that `lifeverse load`
 * of the same user is an operator without being told. A server elsewhere is given one with --operator-token.
 */
const folder = join(tmpdir(), `lifeverse-${process.getuid?.() ?? 'operator'}`);

/** Returns what takes it away again. A folder that is not ours alone gets none. */
export function leaveOperatorToken(port: number, token: string): () => void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or cannot be made: looked at next.
  }
  if (!isOurs()) return () => undefined;
  const path = fileOf(port);
  rmSync(path, { force: true });
  writeFileSync(path, token, { mode: 0o600, flag: 'wx' });
  const { ino } = statSync(path);
  return () => {
    // Whoever took the place of this one at its port has left its own.
    if (statSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
  };
}

/** Null when there is none: another machine, another user, no server. */
export function foundOperatorToken({ hostname, port }: URL): string | null {
  if (!/^(127\.|localhost$|\[::1\]$)/.test(hostname) || !isOurs()) return null;
  try {
    return readFileSync(fileOf(Number(port)), 'utf8');
  } catch {
    return null;
  }
}

function fileOf(port: number): string {
  return join(folder, `operator-${port}`);
}

function isOurs(): boolean {
  try {
    const { uid, mode } = lstatSync(folder);
    return (process.getuid === undefined || uid === process.getuid()) && (mode & 0o077) === 0;
  } catch {
    return false;
  }
}
