import { argon2Sync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { yieldCpu } from '@lifeverse/node-kit/yield-cpu';
import type { HashWork } from './hash-work.ts';

const HASH_BYTES = 32;
const NICER = 10;
yieldCpu(NICER);

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
