/** Where a kept process is in its life. */
export type Life =
  | { readonly kind: 'starting'; readonly sinceMs: number }
  | { readonly kind: 'open'; readonly sinceMs: number }
  /** It ended, and is started again then. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  /** It hands over what it has, and ends. */
  | { readonly kind: 'leaving'; readonly sinceMs: number }
  | { readonly kind: 'stopped' };

/** How it ended last: `was killed by SIGKILL`. */
export interface End {
  readonly how: string;
  readonly atMs: number;
}

export interface RestartPolicy {
  readonly firstWaitMs: number;
  /** Each end soon after a start doubles the wait, up to this. */
  readonly longestWaitMs: number;
  /** A life of so long was not ended by what ended the one before. */
  readonly steadyMs: number;
}

const restartPolicy: RestartPolicy = { firstWaitMs: 250, longestWaitMs: 15_000, steadyMs: 60_000 };

/** When a process that ended is started again. No timer and no process: times and ends go in, waits come out. */
export class Restarts {
  readonly #policy: RestartPolicy;
  #life: Life = { kind: 'stopped' };
  #lastEnd: End | null = null;
  #startedMs = 0;
  #short = 0;
  /** Starts that made up for an end. */
  count = 0;

  constructor(policy: RestartPolicy = restartPolicy) {
    this.#policy = policy;
  }

  get life(): Life {
    return this.#life;
  }

  /** Null as long as it has not ended without having been told to. */
  get lastEnd(): End | null {
    return this.#lastEnd;
  }

  started(nowMs: number): void {
    if (this.#life.kind === 'waiting') this.count++;
    this.#startedMs = nowMs;
    this.#life = { kind: 'starting', sinceMs: nowMs };
  }

  opened(nowMs: number): void {
    if (this.#life.kind === 'starting') this.#life = { kind: 'open', sinceMs: nowMs };
  }

  /** How long to wait before the next start; null: it was to end. */
  ended(how: string, nowMs: number): number | null {
    if (this.#life.kind === 'stopped' || this.#life.kind === 'leaving') {
      this.stop();
      return null;
    }
    const { firstWaitMs, longestWaitMs, steadyMs } = this.#policy;
    this.#short = nowMs - this.#startedMs >= steadyMs ? 0 : this.#short;
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#short);
    this.#short++;
    this.#life = { kind: 'waiting', untilMs: nowMs + waitMs };
    this.#lastEnd = { how, atMs: nowMs };
    return waitMs;
  }

  /** It is to end, once it has handed over what it has. */
  leaves(nowMs: number): void {
    const runs = this.#life.kind === 'open' || this.#life.kind === 'starting';
    this.#life = runs ? { kind: 'leaving', sinceMs: nowMs } : { kind: 'stopped' };
  }

  /** Nothing is started any more. */
  stop(): void {
    this.#life = { kind: 'stopped' };
  }
}
