import type { Random } from '@lifeverse/base';
import type { DurableRequest, Operation, Stake } from '@lifeverse/contracts';

/** For tests: requests of a few people who give, trade, deal with a stall, drop and pick up, many of them in vain. */
export class RandomRequests {
  readonly #random: Random;
  readonly #people: readonly string[];
  readonly #made: DurableRequest[] = [];
  readonly #itemIds: readonly number[];
  #trade = 1;
  #offer = 1;

  constructor(random: Random, people: readonly string[], itemIds: readonly number[]) {
    this.#random = random;
    this.#people = people;
    this.#itemIds = itemIds;
  }

  next(): DurableRequest {
    const random = this.#random;
    if (this.#made.length > 0 && random.chance(0.1)) return random.pick(this.#made);
    const holder = random.pick(this.#people);
    const key = Buffer.alloc(16);
    for (let at = 0; at < 16; at += 4) key.writeUInt32LE(random.uint32(), at);
    const reused = this.#made.length > 0 && random.chance(0.03) ? random.pick(this.#made) : undefined;
    const request = {
      holder,
      key,
      ...(reused && { holder: reused.holder, key: reused.key }),
      operation: this.#operation(holder),
    };
    this.#made.push(request);
    return request;
  }

  #operation(holder: string): Operation {
    const random = this.#random;
    const others = this.#people.filter((person) => person !== holder);
    const item = random.pick(this.#itemIds);
    const chance = random.below(100);
    if (chance < 40) return { kind: 'give', to: random.pick(others), gives: this.#stake('gold') };
    if (chance < 70) return this.#tradeOperation(others);
    if (chance < 78) return { kind: 'drop', item, xMm: random.below(100), yMm: -random.below(100) };
    if (chance < 86) return { kind: 'pick-up', item };
    if (chance < 94) return { kind: random.pick(['buy', 'sell']), stall: 'bakery', item, price: random.pick([3, 5]) };
    if (chance < 97) return { kind: 'refund', of: 1 + random.below(20) };
    return { kind: 'mint', money: { gold: 1 + random.below(9) }, items: random.chance(0.5) ? ['bread'] : [] };
  }

  #tradeOperation(others: readonly string[]): Operation {
    const random = this.#random;
    if (random.chance(0.1)) {
      this.#trade++;
      this.#offer = 1;
    }
    const trade = `00000000-0000-4000-8000-${this.#trade.toString(16).padStart(12, '0')}`;
    const chance = random.below(100);
    if (chance < 35) {
      const offer = this.#offer++;
      return {
        kind: 'offer',
        trade,
        with: random.pick(others),
        offer,
        gives: this.#stake('gold'),
        takes: this.#stake('silver'),
      };
    }
    return chance < 92 ? { kind: 'accept', trade, offer: Math.max(1, this.#offer - 1) } : { kind: 'cancel', trade };
  }

  #stake(currency: string): Stake {
    const random = this.#random;
    const items = random.chance(0.4) ? [random.pick(this.#itemIds)] : [];
    return { money: items.length === 0 || random.chance(0.3) ? { [currency]: 1 + random.below(20) } : {}, items };
  }
}
