import { randomBytes } from 'node:crypto';
import { durableLimits, type StallPlan, type Stock } from '@lifeverse/contracts';
import { type Database, DatabaseUnreachable } from '@lifeverse/node-kit';
import { type Journal, openHolder, openStall, setPrices } from '../journal/index.ts';
import { readStock } from './read-belongings.ts';

/** Who supplies stalls: no player's character, but one in whose name it stands in the journal. */
const SUPPLIER = '00000000-0000-4000-8000-000000000001';

/** What stalls ask and pay just now, where it is other than their plans say. */
export interface StallPrices {
  of(stalls: readonly StallPlan[]): readonly StallPlan[];
  onChange(changed: () => void): void;
}

/** Opens stalls and keeps them supplied: what they lack of what they should have is made, and stands in the journal. */
export class MarketKeeper {
  readonly #database: Database;
  readonly #journal: Journal;
  readonly #prices: StallPrices | null;
  /** Of all zones, by name: as they were opened last. */
  readonly #stalls = new Map<string, StallPlan>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, journal: Journal, prices: StallPrices | null) {
    this.#database = database;
    this.#journal = journal;
    this.#prices = prices;
    // What cannot be listed now is when the stalls are opened next; until then the former prices stand.
    prices?.onChange(() => void this.#inTurn(() => this.#list([...this.#stalls.values()])).catch(() => undefined));
  }

  /** One at a time: two who saw the same lack would both fill it. */
  open(stalls: readonly StallPlan[]): Promise<Stock[]> {
    for (const stall of stalls) this.#stalls.set(stall.name, stall);
    return this.#inTurn(() => this.#openAll(stalls));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }

  async #list(stalls: readonly StallPlan[]): Promise<void> {
    for (const { name, currency, wares } of this.#prices?.of(stalls) ?? stalls)
      await setPrices(
        this.#database,
        name,
        wares.map(({ kind, asks, pays }) => ({ kind, currency, asks, pays })),
      );
  }

  async #openAll(stalls: readonly StallPlan[]): Promise<Stock[]> {
    await openHolder(this.#database, SUPPLIER);
    const stocks: Stock[] = [];
    for (const { name } of stalls) await openStall(this.#database, name);
    await this.#list(stalls);
    for (const stall of stalls) stocks.push(await this.#openOne(stall));
    return stocks;
  }

  async #openOne({ name, currency, till, wares }: StallPlan): Promise<Stock> {
    const found = await readStock(this.#database, name);
    const has = found.till.get(currency) ?? 0;
    const lacking = wares.flatMap(({ kind, stock }) => {
      const here = found.items.filter((item) => item.kind === kind).length;
      return new Array<string>(Math.max(0, stock - here)).fill(kind);
    });
    if (has >= till && lacking.length === 0) return { stall: name, items: found.items };
    let money = has < till ? { [currency]: till - has } : {};
    do {
      const items = lacking.splice(0, durableLimits.itemsPerStake);
      const supplied = await this.#journal.submit({
        holder: SUPPLIER,
        key: randomBytes(durableLimits.keyBytes),
        operation: { kind: 'supply', stall: name, money, items },
      });
      // Opened without its wares, it would stay empty: whoever opens it tries again.
      if (!supplied.ok && supplied.retryAfterMs !== undefined) throw new DatabaseUnreachable(supplied.code);
      money = {};
    } while (lacking.length > 0);
    const { items } = await readStock(this.#database, name);
    return { stall: name, items };
  }
}
