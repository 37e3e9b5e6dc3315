import { argon2Sync, randomBytes } from 'node:crypto';
import { yieldCpu } from '@lifeverse/node-kit/yield-cpu';

// As processes that hash for players: otherwise a busy machine would treat the two differently.
yieldCpu(10);
process.on('disconnect', () => process.exit(0));

/** Hashes for so long and nothing else; answers how many a second. */
process.on('message', (ms: number) => {
  const startMs = performance.now();
  let hashes = 0;
  while (performance.now() - startMs < ms) {
    const nonce = randomBytes(16);
    argon2Sync('argon2id', { message: 'a password', nonce, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 });
    hashes++;
  }
  process.send?.((hashes * 1_000) / (performance.now() - startMs));
});
