import type { Outcome } from '@lifeverse/client';
import type { Deal } from './record.ts';

const PAUSE_MS = 400;
const KEY_BYTES = 16;

export interface Partner {
  readonly name: string;
  readonly entity: number;
}

interface Repetition {
  readonly deal: Deal;
  readonly dueMs: number;
  readonly again: () => Promise<Outcome>;
}

/**
 * Gives a coin, and the next one a moment after it is done. What is put off is asked for again, by the same key, when the refusal said
 * that it is worth it.
 */
export class Giver {
  readonly deals: Deal[] = [];
  readonly #player: string;
  #key = '';
  #nextMs = 0;
  #open: Deal | null = null;
  #repetition: Repetition | null = null;
  #resting = false;

  constructor(player: string) {
    this.#player = player;
  }

  /** For the SDK, which draws a key for each operation. */
  newKey(): Uint8Array {
    const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    this.#key = Buffer.from(key).toString('hex');
    return key;
  }

  /** Nothing is under way, and nothing waits to be asked again. */
  get idle(): boolean {
    return this.#open === null;
  }

  /** Whether something was done for good since that moment. */
  hasDoneSince(ms: number): boolean {
    return (this.deals.findLast(({ outcome }) => outcome?.ok === true)?.answeredMs ?? 0) > ms;
  }

  /** For whoever waits for it. */
  doing(nowMs: number): string {
    const last = this.deals.at(-1);
    if (last === undefined) return 'has given nothing';
    const since = ((nowMs - last.askedMs) / 1_000).toFixed(1);
    const refusal = last.refusals.at(-1);
    const refused = refusal === undefined ? '' : `, refused ${last.refusals.length} times with ${refusal.code} at last`;
    return `asked for the last coin to ${last.wish.do === 'give' ? last.wish.to : ''} ${since} s ago, ${this.idle ? 'answered' : 'not answered'}${refused}`;
  }

  /** Begins nothing new. */
  rest(): void {
    this.#resting = true;
  }

  /** As often as there may be something to do. `give`: asks the SDK for one coin to that entity. */
  turn(nowMs: number, partner: Partner | null, give: (entity: number) => Promise<Outcome>): void {
    const repetition = this.#repetition;
    if (repetition !== null && nowMs >= repetition.dueMs) {
      this.#repetition = null;
      repetition.deal.outcome = null;
      repetition.deal.answeredMs = Number.POSITIVE_INFINITY;
      this.#follow(repetition.deal, repetition.again());
    }
    if (this.#open !== null || this.#resting || nowMs < this.#nextMs || partner === null) return;
    const answer = give(partner.entity);
    const deal: Deal = {
      ...{ player: this.#player, key: this.#key, askedMs: nowMs, answeredMs: Number.POSITIVE_INFINITY, outcome: null },
      ...{ wish: { do: 'give', to: partner.name, gives: { money: 1, items: [] } }, refusals: [] },
    };
    this.deals.push(deal);
    this.#open = deal;
    this.#follow(deal, answer);
  }

  #follow(deal: Deal, answer: Promise<Outcome>): void {
    void answer.then((outcome) => {
      const nowMs = performance.now();
      deal.outcome = outcome;
      deal.answeredMs = nowMs;
      if (!outcome.ok) {
        const { code, sentence, retryAfterMs, again } = outcome;
        deal.refusals.push({ atMs: nowMs, code, sentence, retryAfterMs });
        if (retryAfterMs !== null) {
          this.#repetition = { deal, dueMs: nowMs + retryAfterMs, again };
          return;
        }
      }
      this.#open = null;
      this.#nextMs = nowMs + PAUSE_MS;
    });
  }
}
