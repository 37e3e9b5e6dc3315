import { type ChildProcess, fork } from 'node:child_process';

/**
 * Of glibc: the 19 MiB of a hash stay with the process and in large pages, instead of being given back and asked for
 * again page by page, which costs half as much as the hash. Elsewhere this says nothing to anybody.
 */
const MALLOC = 'glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=1073741824:glibc.malloc.hugetlb=1';

/** A process that hashes. It is told nothing of this one's environment, where there may be secrets. */
export function forkHasher(module: URL): ChildProcess {
  return fork(module, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
    env: { GLIBC_TUNABLES: MALLOC },
  });
}
