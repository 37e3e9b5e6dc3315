import { parentPort } from 'node:worker_threads';
import { quantile } from '@lifeverse/base';

const PERIOD_MS = 50;
/** A zone of a few thousand players works about so long in each tick. */
const WORK = 6_000_000;

/** Ticks for so long as a zone does, and answers how long a tick took from its due time on, p99. */
parentPort?.on('message', (ms: number) => {
  const startMs = performance.now();
  const took: number[] = [];
  const tick = (): void => {
    const dueMs = startMs + took.length * PERIOD_MS;
    work();
    took.push(performance.now() - dueMs);
    const next = startMs + took.length * PERIOD_MS;
    if (next - startMs < ms) setTimeout(tick, Math.max(0, next - performance.now()));
    else parentPort?.postMessage(quantile(took, 0.99));
  };
  tick();
});

function work(): number {
  let sum = 0;
  for (let i = 0; i < WORK; i++) sum = Math.imul(sum ^ i, 0x9e3779b1);
  return sum;
}
