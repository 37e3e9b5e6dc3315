import { randomUUID } from 'node:crypto';
import { Random } from '@lifeverse/base';
import type { DurableOutcome, DurableRequest } from '@lifeverse/contracts';

export type Spread = 'uniform' | 'zipf';

const ACCOUNTS = 10_000;
export const START_GOLD = 1_000_000;
const ZIPF_EXPONENT = 1.5;
const AMOUNT_MAX = 10;
/** Of all requests: asked again as they were, asked again otherwise, and beyond what there is. */
const REPEATED = 0.03;
const MISUSED = 0.01;
const TOO_MUCH = 0.04;
/** Among so many latest requests are those that are asked again. */
const REMEMBERED = 4_096;

export interface Asked {
  readonly request: DurableRequest;
  /** What must come back; null for what was asked before: whatever came back then. */
  readonly expected: 'done' | 'money_short' | 'key_reused' | null;
}

/** Transfers between accounts, with a share of those that are to be refused or were asked before. */
export class TransferLoad {
  readonly characters: readonly string[] = Array.from({ length: ACCOUNTS }, () => randomUUID());
  readonly #random: Random;
  readonly #pick: () => number;
  readonly #latest: DurableRequest[] = [];
  #asked = 0;

  constructor(spread: Spread, seed: number) {
    this.#random = new Random(seed);
    this.#pick = spread === 'uniform' ? () => this.#random.below(ACCOUNTS) : zipf(this.#random);
  }

  next(): Asked {
    const chance = this.#random.float();
    const before = this.#latest.length === 0 ? undefined : this.#random.pick(this.#latest);
    if (before !== undefined && chance < REPEATED) return { request: before, expected: null };
    if (before !== undefined && chance < REPEATED + MISUSED) {
      const request = this.#transfer(START_GOLD);
      return { request: { ...request, holder: before.holder, key: before.key }, expected: 'key_reused' };
    }
    if (chance < REPEATED + MISUSED + TOO_MUCH)
      return { request: this.#transfer(Number.MAX_SAFE_INTEGER), expected: 'money_short' };
    const request = this.#transfer(1 + this.#random.below(AMOUNT_MAX));
    this.#latest[this.#asked++ % REMEMBERED] = request;
    return { request, expected: 'done' };
  }

  #transfer(amount: number): DurableRequest {
    const from = this.#pick();
    let to = this.#pick();
    while (to === from) to = this.#pick();
    const gives = { money: { gold: amount }, items: [] };
    const operation = { kind: 'give', to: this.characters[to] as string, gives } as const;
    return { holder: this.characters[from] as string, key: this.#key(), operation };
  }

  #key(): Uint8Array {
    const key = Buffer.allocUnsafe(16);
    for (let at = 0; at < 16; at += 4) key.writeUInt32LE(this.#random.uint32(), at);
    return key;
  }
}

/** Ranks, the first by far the most frequent. */
function zipf(random: Random): () => number {
  const upTo: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= ACCOUNTS; rank++) {
    sum += rank ** -ZIPF_EXPONENT;
    upTo.push(sum);
  }
  return () => {
    const at = random.float() * sum;
    let low = 0;
    let high = ACCOUNTS - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A sentence when it is not what must come back. */
export function wrong({ expected }: Asked, outcome: DurableOutcome): string | null {
  const came = outcome.ok ? 'done' : outcome.code;
  // Who gave nearly all away may be short of money for anything.
  const allowed =
    expected === 'done' ? ['done', 'money_short'] : expected === null ? ['done', 'money_short'] : [expected];
  return allowed.includes(came) ? null : `expected ${expected}, heard ${came}`;
}
