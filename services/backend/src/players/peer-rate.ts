import type { Clock } from '@lifeverse/base';
import { networkKey } from './network-key.ts';

export interface RateLimit {
  /** So many at once... */
  readonly burst: number;
  /** ...and then so many a second. */
  readonly perS: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const ROUNDING = 1e-6;

/** What one peer may ask for and how often; in bounded memory, where whoever was silent for longest is forgotten first. */
export class PeerRate {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #capacity: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, limit: RateLimit, capacity = 20_000) {
    this.#clock = clock;
    this.#limit = limit;
    this.#capacity = capacity;
  }

  /** Zero when it may; else how long until it may. */
  take(peer: string): number {
    const { burst, perS } = this.#limit;
    const key = networkKey(peer);
    const nowMs = this.#clock.nowMs();
    const known = this.#buckets.get(key);
    const tokens = known === undefined ? burst : Math.min(burst, known.tokens + ((nowMs - known.atMs) * perS) / 1_000);
    this.#buckets.delete(key);
    // A sum of parts of a token may miss the whole by a rounding.
    const may = tokens >= 1 - ROUNDING;
    this.#buckets.set(key, { tokens: may ? Math.max(0, tokens - 1) : tokens, atMs: nowMs });
    if (this.#buckets.size > this.#capacity) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return may ? 0 : Math.ceil(((1 - ROUNDING - tokens) * 1_000) / perS);
  }
}
