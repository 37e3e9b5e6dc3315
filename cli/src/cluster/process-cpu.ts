import { readFileSync } from 'node:fs';

/** Of Linux, on every machine that Node runs on. */
const TICKS_PER_S = 100;

/** How much of a core processes use, by what the machine counts; null where it does not tell. */
export class ProcessCpu {
  readonly #last = new Map<number, { readonly usedS: number; readonly atMs: number }>();

  /** Since it was asked last. */
  of(pid: number | null, nowMs: number): number | null {
    const usedS = pid === null ? null : usedBy(pid);
    if (pid === null || usedS === null) return null;
    const last = this.#last.get(pid);
    this.#last.set(pid, { usedS, atMs: nowMs });
    return last === undefined || nowMs <= last.atMs ? null : ((usedS - last.usedS) * 1_000) / (nowMs - last.atMs);
  }
}

function usedBy(pid: number): number | null {
  try {
    // Behind the name, which may hold anything, in brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  } catch {
    return null;
  }
}
