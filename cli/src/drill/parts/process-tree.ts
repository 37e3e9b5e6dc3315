import { readdirSync, readFileSync } from 'node:fs';

/** To a process that may be gone already. Throws for what is none: 0 and less are groups of processes, or all there are. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  if (!Number.isSafeInteger(pid) || pid <= 1) throw new RangeError(`${pid} is no process to be told ${signal}`);
  try {
    process.kill(pid, signal);
  } catch {
    // It was faster.
  }
}

/** On Linux; elsewhere none are known. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** It runs, or was not taken note of yet. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
