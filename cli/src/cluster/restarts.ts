/** Where a kept process is in its life. */
export type Life =
  | { readonly kind: 'starting'; readonly sinceMs: number }
  | { readonly kind: 'open'; readonly sinceMs: number }
  /** It ended, and is started again then. */
  | { readonly kind: 'waiting'; readonly untilMs: number; readonly why: string }
  | { readonly kind: 'stopped' };

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

  started(nowMs: number): void {
    if (this.#life.kind === 'waiting') this.count++;
    this.#startedMs = nowMs;
    this.#life = { kind: 'starting', sinceMs: nowMs };
  }

  opened(nowMs: number): void {
    if (this.#life.kind === 'starting') this.#life = { kind: 'open', sinceMs: nowMs };
  }

  /** How long to wait before the next start; null: it was to end. */
  ended(why: string, nowMs: number): number | null {
    if (this.#life.kind === 'stopped') return null;
    const { firstWaitMs, longestWaitMs, steadyMs } = this.#policy;
    this.#short = nowMs - this.#startedMs >= steadyMs ? 0 : this.#short;
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#short);
    this.#short++;
    this.#life = { kind: 'waiting', untilMs: nowMs + waitMs, why };
    return waitMs;
  }

  /** Nothing is started any more. */
  stop(): void {
    this.#life = { kind: 'stopped' };
  }
}
