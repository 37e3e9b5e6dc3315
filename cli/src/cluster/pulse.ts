export interface PulsePolicy {
  /** How often it is looked for. */
  readonly lookMs: number;
  /** A process that was heard before, and is silent for so long, hangs. */
  readonly hangsMs: number;
  /** One that has not been heard yet may take so long to load. */
  readonly loadsMs: number;
}

/** Signs of life come twice a second: a process that is only slow misses a few, not ten. */
export const pulsePolicy: PulsePolicy = { lookMs: 500, hangsMs: 5_000, loadsMs: 60_000 };

/**
 * Whether a process still turns. Silence is counted in looks, not in time: who looks may have been stopped itself, or had
 * no core, between two of them, and that says nothing about the other.
 */
export class Pulse {
  readonly #policy: PulsePolicy;
  #looks = 0;
  #heard = false;

  constructor(policy: PulsePolicy) {
    this.#policy = policy;
  }

  /** The process is a new one. */
  started(): void {
    this.#looks = 0;
    this.#heard = false;
  }

  /** A sign of life. */
  beat(): void {
    this.#looks = 0;
    this.#heard = true;
  }

  /** Once in `lookMs`. Returns whether it hangs. */
  look(): boolean {
    this.#looks++;
    return this.silentMs >= (this.#heard ? this.#policy.hangsMs : this.#policy.loadsMs);
  }

  /** At least. */
  get silentMs(): number {
    return this.#looks * this.#policy.lookMs;
  }
}
