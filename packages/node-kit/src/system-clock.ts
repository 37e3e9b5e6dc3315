import type { Clock } from '@lifeverse/base';

// Node counts `performance.now()` from the start of each thread; the counter beneath is the machine's and shared.
const [seconds, nanoseconds] = process.hrtime();
const threadOffsetMs = seconds * 1_000 + nanoseconds / 1e6 - performance.now();

/** Milliseconds of the machine's monotonic counter: equal in every thread and process of this machine. */
export function machineMs(): number {
  return performance.now() + threadOffsetMs;
}

/** Server time: monotonic, fractional milliseconds since an origin, which threads share by its `machineMs`. */
export class SystemClock implements Clock {
  readonly originMachineMs: number;

  constructor(originMachineMs = machineMs()) {
    this.originMachineMs = originMachineMs;
  }

  nowMs(): number {
    return machineMs() - this.originMachineMs;
  }
}
