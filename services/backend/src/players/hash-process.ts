import { argon2Sync } from 'node:crypto';
import { yieldCpu } from '@lifeverse/node-kit/yield-cpu';
import type { HashAnswer, HashWork } from './hash-work.ts';

const HASH_BYTES = 32;
const NICER = 10;
yieldCpu(NICER);

// It ends with the server that started it, and not before: a signal of the terminal is for the server.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));

process.on('message', (work: HashWork) => process.send?.(computed(work)));

function computed({ password, salt, parameters }: HashWork): HashAnswer {
  const { memoryKiB, passes, lanes } = parameters;
  try {
    const hash = argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      memory: memoryKiB,
      passes,
      parallelism: lanes,
      tagLength: HASH_BYTES,
    });
    return { hash };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}
