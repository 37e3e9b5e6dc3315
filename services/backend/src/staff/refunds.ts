import { createHash, randomUUID } from 'node:crypto';
import type { DurableDone, DurableOutcome, DurableRefusal } from '@lifeverse/contracts';
import type { Database } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { recordAct } from '../audit/record-act.ts';
import type { Journal } from '../journal/index.ts';
import type { By } from './sanctions.ts';

interface Intent {
  readonly id: string;
  readonly character: string;
  readonly operation: number;
  readonly actor: string;
  readonly reason: string;
}

const KEY_BYTES = 16;

/** Gives characters back what they paid. */
export class Refunds {
  readonly #database: Database;
  readonly #journal: Pick<Journal, 'submit'>;

  constructor(database: Database, journal: Pick<Journal, 'submit'>) {
    this.#database = database;
    this.#journal = journal;
  }

  /**
   * What the character paid in that operation, once: asked again, it answers the same. It is in the audit, and intended,
   * before it is in the journal, which refers to nobody; a refusal follows it there. Whatever ends this process in between,
   * `resume` brings it to its end. Rejects with OutcomeUnknown and LifeverseErrors.
   */
  async refund(character: string, operation: number, { actor, reason }: By): Promise<DurableDone> {
    const intent = { id: randomUUID(), character, operation, actor, reason };
    await this.#database.transaction(async (sql) => {
      await sql.query(
        'INSERT INTO refund_intents (id, character, operation, actor, reason) VALUES ($1, $2, $3, $4, $5)',
        [intent.id, character, operation, actor, reason],
      );
      await recordAct(sql, { actor, act: 'journal.refund', subject: subjectOf(intent), reason, detail: { operation } });
    });
    const outcome = await this.#carryOut(intent);
    if (outcome.ok) return outcome;
    throw new LifeverseError(outcome.code);
  }

  /** Carries out what was begun and not ended, by this process or one before. Returns how many. Rejects as `refund`. */
  async resume(): Promise<number> {
    const left = await this.#database.query<Omit<Intent, 'operation'> & { operation: bigint }>(
      'SELECT id, character, operation, actor, reason FROM refund_intents ORDER BY at, id',
    );
    for (const intent of left) await this.#carryOut({ ...intent, operation: Number(intent.operation) });
    return left.length;
  }

  /** As often as it takes: the journal does it once, by a key that follows from what is refunded. */
  async #carryOut(intent: Intent): Promise<DurableOutcome> {
    const { character, operation } = intent;
    const key = createHash('sha256').update(`refund ${character} ${operation}`).digest().subarray(0, KEY_BYTES);
    const outcome = await this.#journal.submit({
      holder: character,
      key,
      operation: { kind: 'refund', of: operation },
    });
    // Refused for now is nothing decided: nobody is told that it will not be, and it is tried again.
    if (outcome.ok || !isForNow(outcome)) await this.#settle(intent, outcome);
    return outcome;
  }

  async #settle(intent: Intent, outcome: DurableOutcome): Promise<void> {
    const { id, operation, actor, reason } = intent;
    await this.#database.transaction(async (sql) => {
      const open = await sql.query('DELETE FROM refund_intents WHERE id = $1 RETURNING id', [id]);
      if (open.length === 0 || outcome.ok) return;
      const detail = { operation, code: outcome.code };
      await recordAct(sql, { actor, act: 'journal.refund-refused', subject: subjectOf(intent), reason, detail });
    });
  }
}

function isForNow({ code, retryAfterMs }: DurableRefusal): boolean {
  return retryAfterMs !== undefined || code === 'server_stopping';
}

function subjectOf({ character }: Intent): string {
  return `character:${character}`;
}
