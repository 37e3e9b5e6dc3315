import type { Operation } from '@lifeverse/contracts';
import type { Pending } from './core.ts';
import type { Known } from './known.ts';
import type { Wants } from './store.ts';

/** What has to be read, besides what is known, to decide these. */
export function wantsOf(pending: readonly Pending[], known: Known, lookUp: boolean): Wants {
  const gathered = new Gathered(known);
  for (const { request } of pending) {
    gathered.holder(request.holder);
    if (request.fence !== null) gathered.zones.add(request.fence.zone);
    gather(gathered, request.operation);
  }
  const { holders, items, trades, zones, deals, payments, itemIds } = gathered;
  return {
    requests: pending.map(({ request }) => request),
    lookUp,
    holders: [...holders],
    items: [...items],
    trades: [...trades],
    deals,
    payments,
    zones: [...zones],
    itemIds,
  };
}

function gather(into: Gathered, operation: Operation): void {
  switch (operation.kind) {
    case 'give':
      into.holder(operation.to);
      into.allItems(operation.gives.items);
      break;
    case 'offer':
      into.holder(operation.with);
      into.trade(operation.trade);
      into.allItems(operation.gives.items);
      into.allItems(operation.takes.items);
      break;
    case 'accept':
    case 'cancel':
      into.trade(operation.trade);
      break;
    case 'buy':
    case 'sell':
      into.holder(operation.stall);
      into.deals.push(operation);
      into.item(operation.item);
      break;
    case 'pick-up':
    case 'drop':
      into.holder('ground');
      into.item(operation.item);
      break;
    case 'refund':
      into.holder('mint');
      into.payments.push(operation.of);
      break;
    case 'supply':
      into.holder(operation.stall);
      into.holder('mint');
      into.itemIds += operation.items.length;
      break;
    case 'mint':
      into.holder('mint');
      into.itemIds += operation.items.length;
      break;
  }
}

class Gathered {
  readonly holders = new Set<string>();
  readonly items = new Set<number>();
  readonly trades = new Set<string>();
  readonly zones = new Set<number>();
  readonly deals: { stall: string; item: number }[] = [];
  readonly payments: number[] = [];
  itemIds = 0;
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  holder(name: string): void {
    if (!this.#known.holders.has(name)) this.holders.add(name);
  }

  item(id: number): void {
    if (!this.#known.items.has(id)) this.items.add(id);
  }

  allItems(ids: readonly number[]): void {
    for (const id of ids) this.item(id);
  }

  /** One that has to be read comes with its sides and with the items in it; so did one that is known. */
  trade(id: string): void {
    if (!this.#known.trades.has(id)) this.trades.add(id);
  }
}
