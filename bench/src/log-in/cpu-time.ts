import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second. */
const MS_PER_COUNT = 10;

/** CPU time so far, of this process, its children and a server's, which are still there; null where /proc does not tell. */
export function cpuTimeMs(serverPid: number): number | null {
  const { user, system } = process.cpuUsage();
  const [own, server] = [childrenMs(process.pid), childrenMs(serverPid)];
  return own === null || server === null ? null : (user + system) / 1_000 + own + server;
}

function childrenMs(parent: number): number | null {
  let total = 0;
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  for (const pid of pids) total += countsOf(pid, parent) * MS_PER_COUNT;
  return total;
}

/** Zero of a process of another parent, and of one that has just ended. */
function countsOf(pid: string, parent: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the bracket may have blanks in it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[1]) === parent ? Number(fields[11]) + Number(fields[12]) : 0;
  } catch {
    return 0;
  }
}
