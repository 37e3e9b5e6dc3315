import { argon2Sync, randomBytes } from 'node:crypto';
import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

// As threads that hash for players: otherwise a busy machine would treat the two differently.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10));

/** Hashes for so long and nothing else; answers how many a second. */
parentPort?.on('message', (ms: number) => {
  const startMs = performance.now();
  let hashes = 0;
  while (performance.now() - startMs < ms) {
    const nonce = randomBytes(16);
    argon2Sync('argon2id', { message: 'a password', nonce, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 });
    hashes++;
  }
  parentPort?.postMessage((hashes * 1_000) / (performance.now() - startMs));
});
