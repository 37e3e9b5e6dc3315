import { unreachable } from '@lifeverse/base';
import { type DurableDone, durableLimits, type Money, type Operation, type Stake } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { ChangeLog } from './change.ts';
import { type Account, type Holder, type Item, type Known, priceKey, type Trade } from './known.ts';

/** Where a request is decided: what is known, what the batch has changed so far, and the ids that are free. */
export interface Deciding {
  readonly known: Known;
  readonly log: ChangeLog;
  nextItemId(): number;
}

/**
 * Decides one request of those whose asker exists, and applies it to what is known when it is granted. A refusal changes
 * nothing. All that the operation names must be known by now, be it as absent.
 */
export function decide(at: Deciding, asker: Holder, operation: Operation, id: number): DurableDone | ErrorCode {
  const act = new Act(at, asker, id);
  const refused = carryOut(act, operation);
  if (refused !== null) act.standOn();
  return refused ?? act.done();
}

function carryOut(act: Act, operation: Operation): ErrorCode | null {
  switch (operation.kind) {
    case 'give':
      return give(act, operation);
    case 'offer':
      return offer(act, operation);
    case 'accept':
      return accept(act, operation);
    case 'cancel':
      return cancel(act, operation);
    case 'buy':
    case 'sell':
      return dealWithStall(act, operation);
    case 'pick-up':
      return pickUp(act, operation);
    case 'drop':
      return drop(act, operation);
    case 'refund':
      return refund(act, operation);
    case 'mint':
      return mint(act, act.asker, operation);
    case 'supply': {
      const stall = act.known.holders.get(operation.stall) ?? null;
      return stall?.kind === 'stall' ? mint(act, stall, operation) : 'holder_unknown';
    }
    default:
      return unreachable(operation);
  }
}

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>;

function give(act: Act, { to, gives }: Of<'give'>): ErrorCode | null {
  const taker = act.known.holders.get(to) ?? null;
  if (taker === null || taker === act.asker) return 'holder_unknown';
  const refused = act.lacks(act.asker, gives) ?? act.overflows(taker, gives.money);
  if (refused !== null) return refused;
  act.hand(act.asker, taker, gives);
  return null;
}

function offer(act: Act, { trade: id, with: withWhom, offer: number, gives, takes }: Of<'offer'>): ErrorCode | null {
  const { asker, known } = act;
  const partner = known.holders.get(withWhom) ?? null;
  if (partner === null || partner === asker) return 'holder_unknown';
  const trade = act.trade(id);
  if (trade !== null && (sideOf(trade, asker) === null || sideOf(trade, partner) === null)) return 'trade_unknown';
  if (trade !== null && trade.state !== 'open') return 'trade_closed';
  if (number !== (trade?.offer ?? 0) + 1) return 'offer_changed';
  const refused = act.lacks(asker, gives);
  if (refused !== null) return refused;
  const asOne = trade === null || sideOf(trade, asker) === 'one';
  const sides = { oneGives: asOne ? gives : takes, otherGives: asOne ? takes : gives };
  const changed = { ...sides, offer: number, oneAccepts: false, otherAccepts: false };
  act.lay(trade ?? { id, one: asker.id, other: partner.id, state: 'open', version: 0, ...changed }, changed);
  return null;
}

function accept(act: Act, { trade: id, offer: number }: Of<'accept'>): ErrorCode | null {
  const trade = act.trade(id);
  const side = trade === null ? null : sideOf(trade, act.asker);
  if (trade === null || side === null) return 'trade_unknown';
  if (trade.state !== 'open') return 'trade_closed';
  if (trade.offer !== number) return 'offer_changed';
  if (!(side === 'one' ? trade.otherAccepts : trade.oneAccepts)) {
    const refused = act.lacks(act.asker, side === 'one' ? trade.oneGives : trade.otherGives);
    if (refused === null) act.lay(trade, side === 'one' ? { oneAccepts: true } : { otherAccepts: true });
    return refused;
  }
  return exchange(act, trade, side);
}

/** Both have accepted: everything changes hands, or nothing. */
function exchange(act: Act, trade: Trade, side: 'one' | 'other'): ErrorCode | null {
  const one = act.known.holdersById.get(trade.one) as Holder;
  const other = act.known.holdersById.get(trade.other) as Holder;
  const [mine, theirs] = side === 'one' ? [trade.oneGives, trade.otherGives] : [trade.otherGives, trade.oneGives];
  const refused =
    act.lacks(act.asker, mine) ??
    (act.lacks(side === 'one' ? other : one, theirs) === null ? null : 'partner_short') ??
    act.overflows(other, trade.oneGives.money) ??
    act.overflows(one, trade.otherGives.money);
  if (refused !== null) return refused;
  act.hand(one, other, trade.oneGives);
  act.hand(other, one, trade.otherGives);
  act.lay(trade, { oneAccepts: true, otherAccepts: true, state: 'done' });
  return null;
}

function cancel(act: Act, { trade: id }: Of<'cancel'>): ErrorCode | null {
  const trade = act.trade(id);
  if (trade === null || sideOf(trade, act.asker) === null) return 'trade_unknown';
  if (trade.state !== 'open') return 'trade_closed';
  act.lay(trade, { state: 'cancelled' });
  return null;
}

function dealWithStall(act: Act, { kind, stall: name, item: id, price }: Of<'buy' | 'sell'>): ErrorCode | null {
  const { asker, known } = act;
  const stall = known.holders.get(name) ?? null;
  if (stall === null || stall.kind !== 'stall') return 'holder_unknown';
  const item = act.item(id);
  const [giver, payer] = kind === 'buy' ? [stall, asker] : [asker, stall];
  if (item === null || item.holder !== giver.id) return kind === 'buy' ? 'item_gone' : 'item_not_yours';
  const listed = known.prices.get(priceKey(name, item.kind)) ?? null;
  const now = kind === 'buy' ? (listed?.asks ?? null) : (listed?.pays ?? null);
  if (listed === null || now === null) return 'not_for_sale';
  if (now !== price) return 'price_changed';
  const money = { [listed.currency]: price };
  const refused = act.lacks(payer, { money, items: [] }) ?? act.overflows(giver, money);
  if (refused !== null) return payer === asker ? refused : 'partner_short';
  act.hand(payer, giver, { money, items: [] });
  act.move(item, giver, payer);
  return null;
}

function pickUp(act: Act, { item: id }: Of<'pick-up'>): ErrorCode | null {
  const ground = act.named('ground');
  const item = act.item(id);
  if (item === null || item.holder !== ground.id) return 'item_gone';
  act.move(item, ground, act.asker);
  return null;
}

function drop(act: Act, { item: id, xMm, yMm }: Of<'drop'>): ErrorCode | null {
  const item = act.item(id);
  if (item === null || item.holder !== act.asker.id) return 'item_not_yours';
  act.move(item, act.asker, act.named('ground'), xMm, yMm);
  return null;
}

function refund(act: Act, { of }: Of<'refund'>): ErrorCode | null {
  const payment = act.known.payments.get(of) ?? null;
  if (payment === null || payment.payer !== act.asker.id || payment.paid.length === 0) return 'refund_none';
  if (payment.refunded) return 'refund_done';
  const money = Object.fromEntries(payment.paid.map(({ currency, amount }) => [currency, amount]));
  const mint = act.named('mint');
  const refused = act.lacks(mint, { money, items: [] }) ?? act.overflows(act.asker, money);
  if (refused !== null) return refused;
  act.hand(mint, act.asker, { money, items: [] });
  payment.refunded = true;
  act.log.refunds.push({ of, by: act.id });
  return null;
}

function mint(act: Act, to: Holder, { money, items }: Pick<Of<'mint'>, 'money' | 'items'>): ErrorCode | null {
  const from = act.named('mint');
  const refused = act.lacks(from, { money, items: [] }) ?? act.overflows(to, money);
  if (refused !== null) return refused;
  act.hand(from, to, { money, items: [] });
  for (const kind of items) act.make(kind, from, to);
  return null;
}

function sideOf(trade: Trade, holder: Holder): 'one' | 'other' | null {
  if (trade.one === holder.id) return 'one';
  return trade.other === holder.id ? 'other' : null;
}

/** One operation being carried out: what it may ask of what is known, and how it changes that. */
class Act {
  readonly known: Known;
  readonly log: ChangeLog;
  readonly asker: Holder;
  readonly id: number;
  readonly #at: Deciding;
  readonly #balances: Record<string, number> = {};
  readonly #looked: (readonly [Holder, string])[] = [];
  readonly #lookedItems: Item[] = [];
  readonly #lookedTrades: Trade[] = [];
  readonly #items: { readonly id: number; readonly gained: boolean }[] = [];

  constructor(at: Deciding, asker: Holder, id: number) {
    this.#at = at;
    this.known = at.known;
    this.log = at.log;
    this.asker = asker;
    this.id = id;
  }

  done(): DurableDone {
    if (this.#items.length > 1) this.#items.sort((a, b) => a.id - b.id);
    return { ok: true, operation: this.id, balances: this.#balances, items: this.#items };
  }

  named(name: 'ground' | 'mint'): Holder {
    return this.known.holders.get(name) as Holder;
  }

  /** Nothing was changed: what was looked at must still be so when the refusal is written. */
  standOn(): void {
    for (const [holder, currency] of this.#looked)
      this.log.checkAccount(holder.id, currency, holder.accounts.get(currency));
    for (const item of this.#lookedItems) this.log.checkItem(item);
    for (const trade of this.#lookedTrades) this.log.checkTrade(trade);
  }

  trade(id: string): Trade | null {
    const trade = this.known.trades.get(id) ?? null;
    if (trade !== null) this.#lookedTrades.push(trade);
    return trade;
  }

  item(id: number): Item | null {
    const item = this.known.items.get(id) ?? null;
    if (item !== null) this.#lookedItems.push(item);
    return item;
  }

  #has(holder: Holder, currency: string): number {
    this.#looked.push([holder, currency]);
    return holder.accounts.get(currency)?.amount ?? 0;
  }

  /** Why the holder cannot give that. */
  lacks(holder: Holder, { money, items }: Stake): ErrorCode | null {
    for (const currency in money) {
      const has = this.#has(holder, currency);
      const least = holder.kind === 'mint' ? -durableLimits.amountMax : 0;
      if (has - (money[currency] as number) < least) return 'money_short';
    }
    for (const id of items) if (this.item(id)?.holder !== holder.id) return 'item_not_yours';
    return null;
  }

  /** Beyond 2^53 a number is no longer the number that it was. */
  overflows(holder: Holder, money: Money): ErrorCode | null {
    for (const currency in money) {
      const room = durableLimits.amountMax - this.#has(holder, currency);
      if ((money[currency] as number) > room) return 'purse_full';
    }
    return null;
  }

  hand(from: Holder, to: Holder, { money, items }: Stake): void {
    for (const currency in money) this.#pay(from, to, currency, money[currency] as number);
    for (const id of items) this.move(this.known.items.get(id) as Item, from, to);
  }

  #pay(from: Holder, to: Holder, currency: string, amount: number): void {
    const giver = this.#account(from, currency);
    const taker = this.#account(to, currency);
    const { version: fromWas } = giver;
    const { version: toWas } = taker;
    this.log.touchAccount(giver, from.kind === 'mint', this.id);
    this.log.touchAccount(taker, to.kind === 'mint', this.id);
    giver.amount -= amount;
    taker.amount += amount;
    this.log.entries.push({
      operation: this.id,
      from: from.id,
      to: to.id,
      currency,
      amount,
      fromBalance: giver.amount,
      toBalance: taker.amount,
      fromWas,
      toWas,
    });
    if (from === this.asker) this.#balances[currency] = giver.amount;
    else if (to === this.asker) this.#balances[currency] = taker.amount;
  }

  #account(holder: Holder, currency: string): Account {
    let account = holder.accounts.get(currency);
    if (account === undefined) {
      account = { holder: holder.id, currency, amount: 0, version: 0 };
      holder.accounts.set(currency, account);
    }
    return account;
  }

  move(item: Item, from: Holder, to: Holder, xMm: number | null = null, yMm: number | null = null): void {
    this.log.touchItem(item, from.id);
    item.holder = to.id;
    item.xMm = xMm;
    item.yMm = yMm;
    this.#moved(item.id, from, to);
  }

  make(kind: string, from: Holder, to: Holder): void {
    const item = { id: this.#at.nextItemId(), kind, holder: to.id, xMm: null, yMm: null };
    this.known.items.set(item.id, item);
    this.log.touchItem(item, null);
    this.#moved(item.id, from, to);
  }

  #moved(item: number, from: Holder, to: Holder): void {
    this.log.moves.push({ operation: this.id, item, from: from.id, to: to.id });
    if (from === this.asker) this.#items.push({ id: item, gained: false });
    else if (to === this.asker) this.#items.push({ id: item, gained: true });
  }

  lay(trade: Trade, changed: Partial<Omit<Trade, 'id' | 'one' | 'other' | 'version'>>): void {
    this.known.trades.set(trade.id, trade);
    this.log.touchTrade(trade, this.id);
    Object.assign(trade, changed);
  }
}
