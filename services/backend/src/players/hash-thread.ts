import { argon2Sync } from 'node:crypto';
import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { HashWork } from './hash-work.ts';

const HASH_BYTES = 32;
/** Nicer than the process by so much; 19 is the nicest. */
const NICER = 10;

// On Linux a priority is a thread's own: when cores are short, whoever ticks the world goes first. Elsewhere it would be
// the whole process's.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + NICER));

parentPort?.on('message', ({ password, salt, parameters }: HashWork) => {
  const { memoryKiB, passes, lanes } = parameters;
  parentPort?.postMessage(
    argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      memory: memoryKiB,
      passes,
      parallelism: lanes,
      tagLength: HASH_BYTES,
    }),
  );
});
