import { TokenBucket } from '../core/token-bucket.ts';
import { addressKey, isLocalPeer } from '../sockets/address.ts';

export interface TicketLimits {
  /** Tickets per second for one address. */
  readonly ticketRate: number;
  /** True: 127.0.0.1 and ::1 are limited as any other address. */
  readonly limitLocal: boolean;
}

/** A household that opens the page at once; what goes beyond comes at the rate. */
const BURST_S = 4;
const ADDRESSES = 10_000;

/** How many tickets an address may ask for; addresses not seen for longest are forgotten first. */
export class TicketLimit {
  readonly #limits: TicketLimits;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limits: TicketLimits) {
    this.#limits = limits;
  }

  take(address: string, nowMs: number): boolean {
    const key = addressKey(address);
    if (!this.#limits.limitLocal && isLocalPeer(key)) return true;
    const { ticketRate } = this.#limits;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(ticketRate, ticketRate * BURST_S, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > ADDRESSES) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return bucket.take(1, nowMs);
  }
}
