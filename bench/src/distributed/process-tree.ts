import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second, and memory in pages. */
const MS_PER_COUNT = 10;
const PAGE_BYTES = 4_096;

export interface ProcessUse {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

interface Stat extends ProcessUse {
  readonly parent: number;
}

/** A process and all that it has started and is still there, by process number. */
export function treeUse(root: number): ReadonlyMap<number, ProcessUse> {
  const all = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : null;
    if (stat !== null) all.set(Number(name), stat);
  }
  return new Map([...all].filter(([pid]) => isBeneath(pid, root, all)));
}

function isBeneath(pid: number, root: number, all: ReadonlyMap<number, Stat>): boolean {
  for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}

/** Null of one that has just ended. */
function statOf(pid: string): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the bracket may have blanks in it.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number) as number[];
    const [parent = 0, user = 0, system = 0, pages = 0] = [fields[1], fields[11], fields[12], fields[21]];
    return { parent, cpuMs: (user + system) * MS_PER_COUNT, rssBytes: pages * PAGE_BYTES };
  } catch {
    return null;
  }
}
