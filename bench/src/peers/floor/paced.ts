import { machineNowMs } from '../../machine-clock.ts';

/** Calls at a fixed rate counted from the start, however long a call takes; a whole period missed is counted. */
export class Paced {
  skipped = 0;
  readonly #periodMs: number;
  readonly #call: () => void;

  constructor(periodMs: number, call: () => void) {
    this.#periodMs = periodMs;
    this.#call = call;
  }

  start(): void {
    this.#after(machineNowMs() + this.#periodMs);
  }

  #after(dueMs: number): void {
    setTimeout(
      () => {
        this.#call();
        let nextMs = dueMs + this.#periodMs;
        while (nextMs + this.#periodMs < machineNowMs()) {
          nextMs += this.#periodMs;
          this.skipped++;
        }
        this.#after(nextMs);
      },
      Math.max(0, dueMs - machineNowMs()),
    );
  }
}
