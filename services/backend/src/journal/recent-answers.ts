import type { DurableOutcome } from '@lifeverse/contracts';

interface Answered {
  readonly hash: Uint8Array;
  readonly outcome: DurableOutcome;
}

/** The last answers that are on disk, by the key that applies once: who asks again soon costs the database nothing. */
export class RecentAnswers {
  readonly #max: number;
  #young = new Map<string, Answered>();
  #old = new Map<string, Answered>();

  /** Keeps at least so many, and at most twice as many. */
  constructor(max: number) {
    this.#max = max;
  }

  get(once: string): Answered | undefined {
    return this.#young.get(once) ?? this.#old.get(once);
  }

  add(once: string, answered: Answered): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(once, answered);
  }
}
