import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { giveTo, type Owner } from './postgres/unprivileged.ts';
import { folderOfThisProcess, removeStaleFolders } from './stale-folders.ts';

/** A path of a Unix socket has 107 bytes at most (macOS: 103); the name of the socket itself takes some of them. */
const PATH_BYTES = 80;

/** A folder for Unix sockets that one user alone may enter (and root). */
export interface SocketFolder {
  readonly path: string;
  /** Removes it where nobody would find it again. */
  close(): void;
}

/** At `inside`, which outlives its user; where that is too long a path, or null, in a temporary folder. */
export function openSocketFolder(inside: string | null, owner: Owner | null = null): SocketFolder {
  if (inside !== null && Buffer.byteLength(inside) <= PATH_BYTES) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    giveTo(owner, inside);
    return { path: inside, close: () => undefined };
  }
  removeStaleFolders().catch(() => undefined);
  const path = mkdtempSync(folderOfThisProcess());
  chmodSync(path, 0o700);
  giveTo(owner, path);
  return { path, close: () => rmSync(path, { recursive: true, force: true }) };
}
