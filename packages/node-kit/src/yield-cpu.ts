import { getPriority, setPriority } from 'node:os';

const NICEST = 19;

/**
 * Makes the calling thread nicer by so much than it is, or another process: when cores are short, whoever ticks the world
 * goes first. On Linux alone, where a priority is a thread's own and new threads and children inherit it; elsewhere it
 * would be the whole process's.
 */
export function yieldCpu(nicer: number, pid = 0): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(pid, Math.min(NICEST, getPriority(pid) + nicer));
  } catch (error) {
    // It has ended already.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}
