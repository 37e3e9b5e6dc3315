import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'lifeverse-sockets-';
const NAMED = /^lifeverse-sockets-(\d+)-/;
/** Whoever makes one listens in it by then. */
const YOUNG_MS = 60_000;

/** The beginning of the path of a temporary folder that tells whose it is. */
export const folderOfThisProcess = (): string => join(tmpdir(), `${PREFIX}${process.pid}-`);

/**
 * Removes folders for sockets whose process was killed, and could not. Not those in which somebody answers: the process
 * may be one of another container with the same temporary folder. Rejects when there is no
 * such folder.
 */
export async function removeStaleFolders(): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => isDead(Number(NAMED.exec(name)?.[1] ?? process.pid)));
  for (const name of names.sort()) {
    const path = join(tmpdir(), name);
    try {
      const { uid, mtimeMs } = lstatSync(path);
      // Of root's, PostgreSQL's user has some; root cleans up after both.
      const isOurs = process.getuid?.() === 0 || uid === process.getuid?.();
      if (!isOurs || Date.now() - mtimeMs < YOUNG_MS) continue;
      const answers = await Promise.all(readdirSync(path).map((socket) => hasListener(join(path, socket))));
      if (!answers.includes(true)) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else was faster, or may do what we may not.
    }
  }
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

function hasListener(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
