import { createHash } from 'node:crypto';
import type { DurableDone } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { recordAct } from '../audit/record-act.ts';
import type { Journal } from '../journal/index.ts';
import type { By } from './sanctions.ts';

const KEY_BYTES = 16;

/** Gives characters back what they paid. */
export class Refunds {
  readonly #database: Database;
  readonly #journal: Journal;

  constructor(database: Database, journal: Journal) {
    this.#database = database;
    this.#journal = journal;
  }

  /**
   * What the character paid in that operation, once: asked again, it answers the same. It is in the audit before it is in
   * the journal, which refers to nobody; a refusal follows it there. Rejects with OutcomeUnknown and LifeverseErrors.
   */
  async refund(character: string, operation: number, { actor, reason }: By): Promise<DurableDone> {
    const subject = `character:${character}`;
    const record = (act: string, detail: { readonly operation: number; readonly code?: string }): Promise<bigint> =>
      this.#database.transaction((sql) => recordAct(sql, { actor, act, subject, reason, detail }));
    await record('journal.refund', { operation });
    const key = createHash('sha256').update(`refund ${character} ${operation}`).digest().subarray(0, KEY_BYTES);
    const outcome = await this.#journal.submit({
      holder: character,
      key,
      operation: { kind: 'refund', of: operation },
    });
    if (outcome.ok) return outcome;
    await record('journal.refund-refused', { operation, code: outcome.code });
    throw new LifeverseError(outcome.code);
  }
}
