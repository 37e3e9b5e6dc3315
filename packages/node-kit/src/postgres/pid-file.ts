import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../config/read-options.ts';

const LOOK_MS = 50;
/** As long as its last checkpoint may take. */
const ORPHAN_MS = 30_000;

/** What PostgreSQL writes down about itself in its data while it runs. */
export interface PidFile {
  readonly pid: number;
  readonly socketFolder: string;
  readonly ready: boolean;
}

/** Null when no PostgreSQL runs on this data. */
export function readPidFile(data: string): PidFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgres(pid)) return null;
  return { pid, socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

/**
 * PostgreSQL itself refuses a folder in use; the sentence here says by whom. One whose own server was killed is on its
 * way out, and waited for.
 */
export async function awaitFree(data: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const running = readPidFile(data);
    if (running === null && (waitedMs > ORPHAN_MS || !isDying(data))) return;
    if (running === null) {
      await sleep(LOOK_MS);
      continue;
    }
    const { pid } = running;
    if (!isOrphan(pid) || waitedMs > ORPHAN_MS)
      throw new ConfigurationError(
        `The data in ${data} is in use by another server (PostgreSQL with process id ${pid}): stop that one, or name another folder with --data.`,
      );
    if (waitedMs === 0) process.kill(pid, 'SIGINT');
    await sleep(LOOK_MS);
  }
}

function isPostgres(pid: number): boolean {
  try {
    return process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

/**
 * It was killed, and nobody has taken note of it yet: a process without a command line. PostgreSQL takes it for alive.
 */
function isDying(data: string): boolean {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return process.platform === 'linux' && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '';
  } catch {
    return false;
  }
}

/** Its parent, the server that started it, is no more. */
function isOrphan(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return parent !== process.pid && !readFileSync(`/proc/${parent}/cmdline`, 'utf8').includes('node');
  } catch {
    return false;
  }
}
