import type { LyingItem, OwnedItem, StallPlan, Stock } from '@lifeverse/contracts';
import type { AskDesk } from './dealings-line.ts';

const RETRY_MS = 2_000;
/** A stall that has less than this part of what it should is supplied again. */
const LOW = 0.5;

/** What the stalls of a zone have, as far as it is known here: the journal has the last word. */
export class Market {
  readonly #stalls: readonly StallPlan[];
  readonly #ask: AskDesk;
  readonly #lies: (items: readonly LyingItem[]) => void;
  readonly #stock = new Map<string, Map<number, string>>();
  /** Being sold at this moment: not to be promised to a second one. */
  readonly #reserved = new Set<number>();
  #openAtMs = 0;
  #sawGround = false;

  constructor(stalls: readonly StallPlan[], ask: AskDesk, lies: (items: readonly LyingItem[]) => void) {
    this.#stalls = stalls;
    this.#ask = ask;
    this.#lies = lies;
  }

  /** Opens the stalls, at first and whenever one runs low. */
  tick(nowMs: number): void {
    if (nowMs < this.#openAtMs) return;
    this.#openAtMs = Number.POSITIVE_INFINITY;
    this.#ask(nowMs, { ask: 'market', stalls: this.#stalls }, (answer) => {
      if (typeof answer === 'string') this.#openAtMs = nowMs + RETRY_MS;
      else this.learn(answer.stocks, answer.ground);
    });
  }

  learn(stocks: readonly Stock[] | undefined, ground: readonly LyingItem[] | undefined): void {
    for (const { stall, items } of stocks ?? [])
      this.#stock.set(stall, new Map(items.map(({ id, kind }) => [id, kind])));
    // What was dropped or picked up since is known here first.
    if (ground !== undefined && !this.#sawGround) this.#lies(ground);
    this.#sawGround ||= ground !== undefined;
  }

  /** One of that kind, to be bought; undefined when there is none left. */
  reserve(stall: string, kind: string): number | undefined {
    for (const [id, has] of this.#stock.get(stall) ?? []) {
      if (has !== kind || this.#reserved.has(id)) continue;
      this.#reserved.add(id);
      return id;
    }
    return undefined;
  }

  /** It was bought, or not; then it may be there no more, which the next look at the stock tells. */
  release(stall: string, item: OwnedItem, bought: boolean): void {
    this.#reserved.delete(item.id);
    const stock = this.#stock.get(stall);
    if (bought) stock?.delete(item.id);
    const should = this.#stalls.find(({ name }) => name === stall)?.wares.find(({ kind }) => kind === item.kind)?.stock;
    const left = [...(stock?.values() ?? [])].filter((kind) => kind === item.kind).length;
    if (!bought || left < (should ?? 0) * LOW) this.#openAtMs = Math.min(this.#openAtMs, 0);
  }

  put(stall: string, item: OwnedItem): void {
    this.#stock.get(stall)?.set(item.id, item.kind);
  }
}
