import type { Random } from '@lifeverse/base';

/** What a repeat does to the world: kill -9 of that, `power` with all that was not flushed gone too. */
export const faultKinds = ['server', 'database', 'both', 'power'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** All kinds come about as often, in an order of chance. */
export class FaultChoice {
  readonly #random: Random;
  readonly #only: FaultKind | 'any';
  #left: FaultKind[] = [];

  constructor(random: Random, only: FaultKind | 'any') {
    this.#random = random;
    this.#only = only;
  }

  next(): FaultKind {
    if (this.#only !== 'any') return this.#only;
    if (this.#left.length === 0) this.#left = [...faultKinds];
    return this.#left.splice(this.#random.below(this.#left.length), 1)[0] as FaultKind;
  }
}
