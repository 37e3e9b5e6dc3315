import { setTimeout as sleep } from 'node:timers/promises';

const TURN_MS = 20;
/** So many may be under way at a time. */
const AT_ONCE = 100;

/** Does something so many times, evenly over a time, and waits for the last to be done. */
export async function paced(times: number, overMs: number, act: (index: number) => Promise<unknown>): Promise<void> {
  const fromMs = performance.now();
  const underWay = new Set<Promise<unknown>>();
  let done = 0;
  while (done < times) {
    const due = Math.min(times, Math.ceil(((performance.now() - fromMs) / overMs) * times));
    for (; done < due && underWay.size < AT_ONCE; done++) {
      const acting: Promise<unknown> = act(done)
        .catch(() => undefined)
        .finally(() => underWay.delete(acting));
      underWay.add(acting);
    }
    await sleep(TURN_MS);
  }
  await Promise.all(underWay);
}
