import type { Belongings, DealingsAnswer, Stake } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import { type Dealer, kindOf, type Trader } from './dealer.ts';
import { keyOf } from './dealers.ts';
import type { AskDesk } from './dealings-line.ts';
import type { BelongingsRules, Intent, Table } from './serve.ts';
import { type OpenTrade, partnerOf, sideOf, Trades, tableOf, type Voided } from './trades.ts';

/** What is done at a table. */
export type TradeIntent = Extract<Intent, { do: 'offer' | 'accept' | 'cancel' }>;

/** What two zones say to each other about a trade between somebody here and somebody there. */
export type TradeNote =
  /** One here sits down at a table with yours; the table is here. */
  | { readonly note: 'trade'; readonly character: string; readonly partner: number; readonly entity: number }
  /** One here does something at the table that is with you. */
  | { readonly note: 'deal'; readonly character: string; readonly key: Uint8Array; readonly intent: TradeIntent }
  /** What yours sees of the table that is here; null: it is closed. */
  | { readonly note: 'table'; readonly character: string; readonly table: Table | null };

/** One from another zone, at a table of this one. */
export interface Visitor extends Trader {
  readonly zone: number;
  readonly entity: number;
  has: Belongings | null;
}

/** The table of another zone, as one here sees it. */
interface AwayTable {
  readonly zone: number;
  table: Table | null;
  /** What was done there, by its keys: that zone says what came of it. */
  readonly keys: Set<string>;
}

export interface Place {
  readonly xMm: number;
  readonly yMm: number;
}

export interface TradingContext {
  readonly rules: BelongingsRules | undefined;
  readonly ask: AskDesk | null;
  nowMs(): number;
  /** Of one here; undefined for anybody else. */
  dealerOf(character: string): Dealer | undefined;
  /** Also one who has gone on to another zone. */
  formerDealer(character: string): Dealer | undefined;
  /** The character and its dealer behind an entity that is here, with a player. */
  presentAt(id: number): Dealer | undefined;
  /** The same of one who stands beside the border, in another zone. */
  ghostAt(id: number): { readonly character: string; readonly zone: number } | null;
  /** Where an entity is, here or beside the border. */
  placeOf(id: number): Place | null;
  entityOf(dealer: Dealer): number;
  show(dealer: Dealer): void;
  learn(answer: DealingsAnswer): void;
  reloadMissing(answer: DealingsAnswer, parties: readonly string[]): void;
  answer(trader: Trader, key: Uint8Array): void;
  settle(trader: Trader, key: Uint8Array, outcome: NonNullable<DealingsAnswer['outcome']>): void;
  /** `final`: it would be refused again. */
  refuse(trader: Trader, key: Uint8Array, code: ErrorCode, final?: boolean): void;
  say(zone: number, note: TradeNote): void;
  hears(zone: number): boolean;
  /** Nobody will say any more what came of those, by their keys: the journal is asked. */
  lookUp(dealer: Dealer, keys: ReadonlySet<string>): void;
}

/** Of what nobody waits for. */
const nobodys = new Uint8Array(16);
/** Whether those who trade are still near is looked at so often. */
const REACH_TICKS = 10;

/**
 * Trades of a zone's players (WO34), with each other and with those who stand beside the border (WO58): then the table is in the zone
 * of the one who sat down first, and the other's zone hands on what they do there.
 */
export class Trading {
  readonly #trades = new Trades();
  readonly #context: TradingContext;
  readonly #visitors = new Map<string, Visitor>();
  readonly #away = new Map<string, AwayTable>();

  constructor(context: TradingContext) {
    this.#context = context;
  }

  visitor(character: string): Visitor | undefined {
    return this.#visitors.get(character);
  }

  /** What somebody here sees lying between them and another. */
  tableOf(character: string): Table | null {
    const away = this.#away.get(character);
    return away === undefined ? this.#ownTable(character) : away.table;
  }

  #ownTable(character: string): Table | null {
    const trade = this.#trades.of(character);
    const partner = trade === undefined ? null : this.#entityOf(partnerOf(trade, character).character);
    if (trade === undefined || partner === null) return null;
    return tableOf(trade, character, partner, (who) => this.#traderOf(who)?.has ?? null);
  }

  #traderOf(character: string): Dealer | Visitor | undefined {
    const { dealerOf, formerDealer } = this.#context;
    return dealerOf(character) ?? this.#visitors.get(character) ?? formerDealer(character);
  }

  #entityOf(character: string): number | null {
    const dealer = this.#context.dealerOf(character);
    return dealer === undefined ? (this.#visitors.get(character)?.entity ?? null) : this.#context.entityOf(dealer);
  }

  /** Of a player here. */
  intend(
    dealer: Dealer,
    key: Uint8Array,
    text: string,
    intent: TradeIntent | Extract<Intent, { do: 'trade' }>,
  ): ErrorCode | null {
    const away = this.#away.get(dealer.character);
    if (intent.do === 'trade') return this.#open(dealer, key, intent.with.id);
    if (away === undefined) return this.#deal(dealer, key, text, intent);
    dealer.underWay.add(text);
    away.keys.add(text);
    this.#context.say(away.zone, { note: 'deal', character: dealer.character, key, intent });
    return null;
  }

  #open(dealer: Dealer, key: Uint8Array, id: number): ErrorCode | null {
    const other = this.#context.presentAt(id);
    const ghost = other === undefined ? this.#context.ghostAt(id) : null;
    const character = other?.character ?? ghost?.character;
    if (character === undefined) return 'target_unknown';
    const away = this.#away.get(dealer.character);
    if (away !== undefined && away.table?.with !== id) return 'trade_open';
    if (away === undefined) {
      if (this.#away.has(character)) return 'trade_open';
      const trade = this.#trades.open(dealer.character, character);
      if (typeof trade === 'string') return trade;
      if (ghost !== null) this.#invite(ghost, id, dealer);
      this.#showBoth(trade);
    }
    this.#context.answer(dealer, key);
    return null;
  }

  #invite({ character, zone }: { character: string; zone: number }, entity: number, dealer: Dealer): void {
    if (this.#visitors.has(character)) return;
    const visitor: Visitor = { character, zone, entity, has: null, underWay: new Set(), answers: new Map() };
    this.#visitors.set(character, visitor);
    this.#context.say(zone, { note: 'trade', character, entity, partner: this.#context.entityOf(dealer) });
    this.#look(visitor, () => undefined);
  }

  /** What a visitor has: what they offer has to be theirs. `then` is told why it is not known; null: it is. */
  #look(visitor: Visitor, then: (problem: ErrorCode | null) => void): void {
    const { ask, nowMs } = this.#context;
    ask?.(nowMs(), { ask: 'belongings', holder: visitor.character, grants: [] }, (answer) => {
      const found = typeof answer === 'string' ? undefined : answer.belongings[0];
      if (found !== undefined && this.#visitors.get(visitor.character) === visitor) {
        visitor.has = found;
        const trade = this.#trades.of(visitor.character);
        if (trade !== undefined) this.#showBoth(trade);
      }
      then(typeof answer === 'string' ? answer : null);
    });
  }

  #deal(trader: Dealer | Visitor, key: Uint8Array, text: string, intent: TradeIntent): ErrorCode | null {
    switch (intent.do) {
      case 'offer':
        return this.#offer(trader, key, intent.seen, intent.gives);
      case 'accept':
        return this.#accept(trader, text, intent.seen);
      case 'cancel':
        if (this.#trades.of(trader.character)?.committing !== false) return 'trade_closed';
        this.interrupted(trader.character);
        this.#context.answer(trader, key);
        return null;
    }
  }

  #offer(trader: Dealer | Visitor, key: Uint8Array, seen: number, gives: Stake): ErrorCode | null {
    const trade = this.#trades.of(trader.character);
    if (trade !== undefined && !this.#near(trade)) return 'out_of_reach';
    if (gives.items.some((item) => kindOf(trader.has, item) === undefined)) return 'item_not_yours';
    for (const [currency, amount] of Object.entries(gives.money))
      if (amount > (trader.has?.money[currency] ?? 0)) return 'money_short';
    const voided = this.#trades.offer(trader.character, seen, gives);
    if (typeof voided === 'string') return voided;
    this.#void(voided);
    if (trade !== undefined) this.#showBoth(trade);
    this.#context.answer(trader, key);
    return null;
  }

  /** Answered once the other has accepted too and all has changed hands, or when that is not to come any more. */
  #accept(trader: Dealer | Visitor, text: string, seen: number): ErrorCode | null {
    const { character } = trader;
    const trade = this.#trades.of(character);
    if (trade !== undefined && !this.#near(trade)) return 'out_of_reach';
    const both = this.#trades.accept(character, seen, text);
    if (typeof both === 'string') return both;
    trader.underWay.add(text);
    if (trade === undefined) return null;
    if (both) this.#commit(trade, partnerOf(trade, character), sideOf(trade, character));
    this.#showBoth(trade);
    return null;
  }

  /** `one` accepted first. */
  #commit(trade: OpenTrade, one: OpenTrade['one'], other: OpenTrade['one']): void {
    const { ask, nowMs, learn, reloadMissing } = this.#context;
    const side = ({ character, acceptedBy, gives }: OpenTrade['one']) => ({
      holder: character,
      key: keyOf(acceptedBy as string),
      gives,
    });
    ask?.(nowMs(), { ask: 'exchange', one: side(one), other: side(other) }, (answer) => {
      this.#trades.close(trade);
      if (typeof answer !== 'string') {
        learn(answer);
        if (answer.outcome?.ok === true) reloadMissing(answer, [one.character, other.character]);
      }
      this.#committed(answer, 'one', one);
      this.#committed(answer, 'other', other);
      this.#showBoth(trade);
    });
  }

  #committed(answer: DealingsAnswer | ErrorCode, name: 'one' | 'other', side: OpenTrade['one']): void {
    const trader = this.#traderOf(side.character);
    if (trader === undefined || side.acceptedBy === null) return;
    trader.underWay.delete(side.acceptedBy);
    const key = keyOf(side.acceptedBy);
    const { refuse, settle } = this.#context;
    if (typeof answer === 'string' || answer.outcome === null)
      refuse(trader, key, typeof answer === 'string' ? answer : 'internal', false);
    else if (!answer.outcome.ok && answer.refusedFor !== undefined && answer.refusedFor !== name)
      refuse(trader, key, 'partner_short');
    else settle(trader, key, answer.outcome);
  }

  /** The connection was lost, another device took over, they go to another zone, or cancel: a trade that is open ends. */
  interrupted(character: string): void {
    const away = this.#away.get(character);
    if (away !== undefined) this.#leaveAway(character, away);
    const trade = this.#trades.of(character);
    const voided = this.#trades.cancel(character);
    if (typeof voided === 'string') return;
    this.#void(voided);
    if (trade !== undefined) this.#showBoth(trade);
  }

  /** Nobody waits for an answer to that: there is no key to it. */
  #leaveAway(character: string, { zone, keys }: AwayTable): void {
    this.#away.delete(character);
    this.#context.say(zone, { note: 'deal', character, key: nobodys, intent: { do: 'cancel' } });
    const dealer = this.#context.dealerOf(character);
    if (dealer === undefined) return;
    this.#context.show(dealer);
    this.#context.lookUp(dealer, keys);
  }

  /** The zone has another owner: it knows of no table. */
  met(zone: number): void {
    for (const [character, away] of this.#away) if (away.zone === zone) this.#leaveAway(character, away);
  }

  #near({ one, other }: OpenTrade): boolean {
    const { rules, placeOf } = this.#context;
    const [a, b] = [one, other].map(({ character }) => {
      const entity = this.#entityOf(character);
      return entity === null ? null : placeOf(entity);
    });
    if (rules === undefined || a === null || a === undefined || b === null || b === undefined) return false;
    const [dx, dy] = [a.xMm - b.xMm, a.yMm - b.yMm];
    return Math.sqrt(dx * dx + dy * dy) <= rules.tradeReachM * 1_000;
  }

  /** Within a tick: those who walked away from each other trade no more, nor those of whose zone nothing is heard. */
  tick(tick: number): void {
    if (tick % REACH_TICKS !== 0) return;
    for (const trade of this.#trades.all)
      if (!trade.committing && !this.#near(trade)) this.interrupted(trade.one.character);
    for (const [character, away] of this.#away) if (!this.#context.hears(away.zone)) this.interrupted(character);
  }

  #void(voided: readonly Voided[]): void {
    for (const { character, key, code } of voided) {
      const trader = this.#traderOf(character);
      trader?.underWay.delete(key);
      if (trader !== undefined) this.#context.refuse(trader, keyOf(key), code);
    }
  }

  #showBoth({ one, other }: OpenTrade): void {
    for (const { character } of [one, other]) {
      const dealer = this.#context.dealerOf(character);
      const visitor = this.#visitors.get(character);
      if (dealer !== undefined) this.#context.show(dealer);
      else if (visitor !== undefined) this.#showVisitor(visitor);
    }
  }

  #showVisitor(visitor: Visitor): void {
    const { character, zone } = visitor;
    const table = this.#ownTable(character);
    this.#context.say(zone, { note: 'table', character, table });
    if (table === null) this.#visitors.delete(character);
  }

  /** From another zone. */
  take(zone: number, note: TradeNote): void {
    if (note.note === 'trade') this.#invited(zone, note);
    else if (note.note === 'table') this.#shown(zone, note);
    else this.#dealt(zone, note);
  }

  /** Somebody there sits down with one here, who may be trading already, or gone. */
  #invited(zone: number, { character }: Extract<TradeNote, { note: 'trade' }>): void {
    const dealer = this.#context.dealerOf(character);
    const isFree = dealer !== undefined && this.#trades.of(character) === undefined && !this.#away.has(character);
    if (isFree) this.#away.set(character, { zone, table: null, keys: new Set() });
    else this.#context.say(zone, { note: 'deal', character, key: nobodys, intent: { do: 'cancel' } });
  }

  #shown(zone: number, { character, table }: Extract<TradeNote, { note: 'table' }>): void {
    const away = this.#away.get(character);
    if (away?.zone !== zone) return;
    if (table === null) this.#away.delete(character);
    else away.table = table;
    const dealer = this.#context.dealerOf(character);
    if (dealer !== undefined) this.#context.show(dealer);
  }

  /** `again`: what they have was just looked up. */
  #dealt(zone: number, note: Extract<TradeNote, { note: 'deal' }>, again = false): void {
    const { character, key, intent } = note;
    const { refuse } = this.#context;
    const visitor = this.#visitors.get(character);
    if (visitor?.zone !== zone) {
      this.#closed(zone, character, key);
      return;
    }
    const refused = this.#deal(visitor, key, key.toString(), intent);
    if (refused === null) return;
    if (again || (refused !== 'item_not_yours' && refused !== 'money_short')) {
      refuse(visitor, key, refused);
      return;
    }
    // They may have got it since they sat down.
    this.#look(visitor, (problem) => {
      if (problem === null) this.#dealt(zone, note, true);
      else refuse(visitor, key, problem, false);
    });
  }

  /** At a table that was closed in the meantime, or of a former owner. */
  #closed(zone: number, character: string, key: Uint8Array): void {
    this.#context.say(zone, { note: 'table', character, table: null });
    if (key.every((byte) => byte === 0)) return;
    const gone: Visitor = { character, zone, entity: 0, has: null, underWay: new Set(), answers: new Map() };
    this.#context.refuse(gone, key, 'trade_closed');
  }
}
