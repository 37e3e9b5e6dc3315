import { type DeskOutcome, type DeskRequest, encodeClaimed } from '@lifeverse/contracts';
import type { Sql } from '@lifeverse/node-kit';
import { takeZone } from './take-zone.ts';

interface Claim {
  readonly number: number;
  readonly epoch: Promise<number>;
}

/**
 * Gives a zone to whoever claims it. A claim that comes again gets the epoch that it got: a higher one would fence the
 * claimant itself.
 */
export class ZoneClaims {
  readonly #sql: Sql;
  readonly #last = new Map<number, Claim>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async give({ zone, number }: DeskRequest): Promise<DeskOutcome> {
    const last = this.#last.get(zone);
    const claim = last?.number === number ? last : { number, epoch: takeZone(this.#sql, zone) };
    this.#last.set(zone, claim);
    try {
      return { kind: 'done', body: encodeClaimed(await claim.epoch) };
    } catch (error) {
      if (this.#last.get(zone) === claim) this.#last.delete(zone);
      throw error;
    }
  }
}
