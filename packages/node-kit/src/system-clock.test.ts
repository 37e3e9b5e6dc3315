import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { machineMs, SystemClock } from './system-clock.ts';

it('counts from its origin and never goes back', () => {
  const clock = new SystemClock();
  let last = clock.nowMs();
  expect(last).toBeGreaterThanOrEqual(0);
  for (let i = 0; i < 10_000; i++) {
    const now = clock.nowMs();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

it('is the same clock in another thread', async () => {
  const before = machineMs();
  const worker = new Worker(
    `import { machineMs } from ${JSON.stringify(import.meta.resolve('./system-clock.ts'))};
     import { parentPort } from 'node:worker_threads';
     parentPort.postMessage(machineMs());`,
    { eval: true },
  );
  const theirs = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  expect(theirs).toBeGreaterThanOrEqual(before);
  expect(theirs).toBeLessThanOrEqual(machineMs());
});
