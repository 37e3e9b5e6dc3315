import { unreachable } from '@lifeverse/base';
import type { Belongings, DealingsAnswer, Operation, UplinkOp } from '@lifeverse/contracts';
import { catalogue, type ErrorCode, limits } from '@lifeverse/protocol';
import type { AnswerOutcome } from '@lifeverse/sync/common';
import { type Dealer, kindOf, type Trader, type Waiting } from './dealer.ts';
import { Dealers, keyOf } from './dealers.ts';
import type { DealingsContext, Dealt } from './dealings-context.ts';
import type { AskDesk } from './dealings-line.ts';
import { Ground } from './ground.ts';
import type { TravellingDealer } from './handover-state.ts';
import { Market } from './market.ts';
import type { Intent } from './serve.ts';
import type { Avatar } from './sessions.ts';
import { type TradeNote, Trading, type Visitor } from './trading.ts';

const REMEMBERED_ANSWERS = 64;
/** Whether it was done, and else how the journal has refused it; null: it has said nothing. */
type Concluded = (done: boolean, code: ErrorCode | null) => void;

const BASE_CLOSE_CODE = 4_000;
const RETRY_MS = 1_000;
/** What another zone has not told by then, the journal is asked. */
const OWED_MS = 5_000;

/**
 * Operations of a zone's players (WO30..WO36): taken in order, decided by the rules in a tick, done by the journal, and
 * answered by the key that the player gave them, once they are on disk.
 */
export class Dealings {
  readonly #trading: Trading;
  readonly #context: DealingsContext;
  readonly #dealers = new Dealers();
  readonly #market: Market | null;
  readonly #ground: Ground | null;
  #nowMs = 0;

  constructor(context: DealingsContext) {
    this.#context = context;
    const { rules, ask } = context;
    this.#trading = this.#openTrading();
    const lasts = rules !== undefined && ask !== null;
    this.#ground = lasts ? new Ground(rules, context) : null;
    this.#market = lasts ? new Market(rules.stalls, ask, (items) => this.#ground?.place(items)) : null;
  }

  #openTrading(): Trading {
    const context = this.#context;
    const { avatars } = context;
    return new Trading({
      ...context,
      nowMs: () => this.#nowMs,
      dealerOf: (character) => this.#dealerOf(character),
      formerDealer: (character) => this.#dealers.elsewhere(character),
      presentAt: (id) => {
        const row = context.rowOf(id);
        const avatar = row === undefined ? undefined : avatars.ofRow(row);
        return avatar?.presence.state === 'present' ? this.#dealers.of(avatar) : undefined;
      },
      entityOf: (dealer) => context.idOf(dealer.avatar.row),
      show: (dealer) => this.#show(dealer),
      learn: (answer) => this.#learn(answer),
      reloadMissing: (answer, parties) => this.#reloadMissing(answer, parties),
      answer: (trader, key) => this.#answer(trader, key, { done: true, operation: 0 }),
      settle: (trader, key, outcome) => this.#settle(trader, key, outcome),
      refuse: (trader, key, code, final) => this.#refuse(trader, key, code, final),
      lookUp: (dealer, keys) => this.#lookUpOwed(dealer, keys),
    });
  }

  /** Another zone says something about a trade. */
  trade(zone: number, note: TradeNote): void {
    this.#trading.take(zone, note);
  }

  /** Another zone has another owner. */
  met(zone: number): void {
    this.#trading.met(zone);
  }

  #lookUpOwed(dealer: Dealer, keys: ReadonlySet<string>): void {
    for (const text of keys) if (dealer.underWay.has(text)) dealer.owed.add(text);
    if (dealer.owed.size === 0 || !this.#dealers.isHere(dealer)) return;
    dealer.owedByMs = Math.min(dealer.owedByMs, this.#nowMs + OWED_MS);
    this.#dealers.busy.add(dealer);
  }

  /** The avatar stands here: what it has is fetched. */
  attached(avatar: Avatar): void {
    this.#dealers.of(avatar);
  }

  /** Goes on to another zone, with what it has asked for. */
  departs(avatar: Avatar): TravellingDealer | null {
    return this.#dealers.depart(avatar);
  }

  /** What the next owner is to know of what they have asked for. */
  copy(avatar: Avatar): TravellingDealer | null {
    return this.#dealers.copy(avatar);
  }

  /** Has come from another zone; `isOwed`: there is somebody who tells what came of what is under way. */
  arrives(avatar: Avatar, travelling: TravellingDealer | null, isOwed: boolean): void {
    this.#dealers.arrive(avatar, travelling, this.#nowMs + (isOwed ? OWED_MS : 0));
  }

  /** What a character has was changed by the journal, on behalf of somebody in another zone. */
  changed(character: string): void {
    const dealer = this.#dealerOf(character);
    if (dealer !== undefined) this.#reload(dealer);
  }

  /** What they have is asked for until it is known. */
  #reload(dealer: Dealer): void {
    dealer.stale = true;
    dealer.loadAtMs = this.#nowMs;
    if (this.#dealers.isHere(dealer)) this.#dealers.busy.add(dealer);
  }

  /** The item behind an entity that goes to another zone; null when it is none. */
  itemDeparts(entity: number): number | null {
    return this.#ground?.departs(entity) ?? null;
  }

  itemOf(entity: number): number | null {
    return this.#ground?.itemOf(entity) ?? null;
  }

  itemArrives(entity: number, item: number): void {
    this.#ground?.arrives(entity, item);
  }

  /** The zone from which somebody came, or an earlier one, says what came of a request. */
  dealt(character: string, dealt: Dealt): void {
    const dealer = this.#partyOf(character);
    const text = dealt.key.toString();
    dealer?.owed.delete(text);
    if (dealer?.underWay.delete(text) !== true) return;
    this.#reload(dealer);
    if (dealt.final) this.#answer(dealer, dealt.key, dealt.outcome);
    else this.#tell(dealer, dealt.key, dealt.outcome, false);
  }

  /** The connection was lost, or another device took over: a trade that is open ends. */
  interrupted({ character }: Avatar): void {
    this.#trading.interrupted(character);
  }

  gone(avatar: Avatar): void {
    this.interrupted(avatar);
    this.#dealers.remove(avatar);
  }

  /** From a gateway, which says it again until `held` says that it is here. */
  receive(avatar: Avatar, op: Extract<UplinkOp, { op: 'operation' }>): void {
    const dealer = this.#dealers.of(avatar);
    if (dealer.session !== avatar.entrance) Object.assign(dealer, { session: avatar.entrance, held: op.held });
    dealer.held = Math.max(dealer.held, op.held);
    const next = op.sequence === dealer.held + 1;
    if (next) {
      dealer.held = op.sequence;
      const text = op.key.toString();
      dealer.waiting.push({ key: op.key.slice(), text, body: op.body.slice(), look: op.again ? 'first' : 'done' });
      this.#dealers.busy.add(dealer);
      this.#context.acts(avatar);
    }
    if (op.sequence <= dealer.held) this.#context.avatars.news(avatar).held = true;
  }

  /** Up to which operation of the connection that they have now all are here: what a former one counted says nothing of it. */
  heldOf(avatar: Avatar): number {
    const dealer = this.#dealers.known(avatar);
    return dealer?.session === avatar.entrance ? dealer.held : 0;
  }

  /** Within a tick, behind the inputs. */
  tick(tick: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#market?.tick(nowMs);
    this.#trading.tick(tick);
    for (const dealer of this.#dealers.busy) {
      this.#load(dealer);
      this.#claim(dealer);
      while (this.#next(dealer));
      const waits = dealer.waiting.length > 0 || dealer.owed.size > 0;
      if (!waits && dealer.loadAtMs === Number.POSITIVE_INFINITY) this.#dealers.busy.delete(dealer);
    }
  }

  #load(dealer: Dealer): void {
    const { ask, rules } = this.#context;
    if (dealer.loadAtMs > this.#nowMs) return;
    dealer.loadAtMs = Number.POSITIVE_INFINITY;
    if (ask === null || rules === undefined) return;
    const { character } = dealer.avatar;
    ask(this.#nowMs, { ask: 'belongings', holder: character, grants: rules.grants }, (answer) => {
      if (typeof answer !== 'string') this.#learn(answer);
      if (!dealer.stale || !this.#dealers.isHere(dealer)) return;
      dealer.loadAtMs = this.#nowMs + RETRY_MS;
      dealer.problem = typeof answer === 'string' ? answer : 'journal_unreachable';
      this.#dealers.busy.add(dealer);
    });
  }

  /** What another zone should have told by now is looked up in the journal. */
  #claim(dealer: Dealer): void {
    if (dealer.owedByMs > this.#nowMs) return;
    dealer.owedByMs = Number.POSITIVE_INFINITY;
    for (const text of dealer.owed) {
      const key = keyOf(text);
      this.#context.ask?.(this.#nowMs, { ask: 'decided', holder: dealer.avatar.character, key }, (answer) => {
        if (!dealer.owed.delete(text)) return;
        dealer.underWay.delete(text);
        if (typeof answer !== 'string') this.#learn(answer);
        const outcome = typeof answer === 'string' ? null : answer.outcome;
        if (outcome === null) this.#refuse(dealer, key, 'outcome_unknown', false);
        else this.#settle(dealer, key, outcome);
      });
    }
  }

  /** Takes the next one; false when there is none, or when it has to wait. */
  #next(dealer: Dealer): boolean {
    const waiting = dealer.waiting[0];
    if (waiting === undefined) return false;
    const known = dealer.answers.get(waiting.text);
    if (known !== undefined) this.#tell(dealer, waiting.key, known, true);
    else if (!dealer.underWay.has(waiting.text) && !this.#begin(dealer, waiting)) return false;
    dealer.waiting.shift();
    return true;
  }

  /** False when it has to wait for something that is asked for already. */
  #begin(dealer: Dealer, waiting: Waiting): boolean {
    const { ask, rules } = this.#context;
    if (waiting.look === 'looking') return false;
    if (ask === null || rules === undefined) this.#refuse(dealer, waiting.key, 'journal_unreachable', false);
    else if (waiting.look === 'first') {
      this.#lookUp(dealer, waiting, ask);
      return false;
    } else if (dealer.has === null) {
      if (dealer.problem === null) return false;
      this.#refuse(dealer, waiting.key, dealer.problem, false);
    } else if (dealer.underWay.size >= limits.operationsInFlight)
      this.#refuse(dealer, waiting.key, 'journal_busy', false);
    else this.#decide(dealer, dealer.has, waiting);
    return true;
  }

  #lookUp(dealer: Dealer, waiting: Waiting, ask: AskDesk): void {
    waiting.look = 'looking';
    ask(this.#nowMs, { ask: 'decided', holder: dealer.avatar.character, key: waiting.key }, (answer) => {
      waiting.look = 'done';
      if (this.#dealers.isHere(dealer)) this.#dealers.busy.add(dealer);
      if (typeof answer === 'string') {
        // It may have been done before, whatever hinders finding out: to be asked again, and never told as refused.
        dealer.waiting.splice(dealer.waiting.indexOf(waiting), 1);
        this.#refuse(dealer, waiting.key, 'outcome_unknown', false);
        return;
      }
      this.#learn(answer);
      const { outcome } = answer;
      if (outcome === null) return;
      dealer.waiting.splice(dealer.waiting.indexOf(waiting), 1);
      this.#settle(dealer, waiting.key, outcome);
    });
  }

  #decide(dealer: Dealer, has: Belongings, { key, text, body }: Waiting): void {
    const { codec, counters, handle } = this.#context;
    counters.operations++;
    const messages = codec.decode(body);
    const message = typeof messages === 'string' || messages.length !== 1 ? undefined : messages[0];
    if (message === undefined) {
      this.#refuse(dealer, key, messages === 'command_unknown' ? 'operation_unknown' : 'request_invalid');
      return;
    }
    const decided = handle(dealer.avatar, message, has);
    if (decided === undefined) this.#answer(dealer, key, { done: true, operation: 0 });
    else if (typeof decided === 'string') this.#refuse(dealer, key, decided);
    else {
      const refused = this.#intend(dealer, key, text, decided);
      if (refused !== null) this.#refuse(dealer, key, refused);
    }
  }

  #intend(dealer: Dealer, key: Uint8Array, text: string, intent: Intent): ErrorCode | null {
    switch (intent.do) {
      case 'give':
        return this.#give(dealer, key, text, intent);
      case 'buy':
        return this.#buy(dealer, key, text, intent);
      case 'sell': {
        const { stall, item, price } = intent;
        this.#operate(dealer, key, text, { kind: 'sell', stall, item, price }, (done) => {
          const kind = kindOf(dealer.has, item);
          if (done && kind !== undefined) this.#market?.put(stall, { id: item, kind });
        });
        return null;
      }
      case 'drop': {
        const kind = kindOf(dealer.has, intent.item);
        if (kind === undefined) return 'item_not_yours';
        const { item } = intent;
        const { xMm, yMm } = this.#context.positionOf(dealer.avatar.row);
        this.#operate(dealer, key, text, { kind: 'drop', item, xMm, yMm }, (done) => {
          if (done) this.#ground?.drop({ id: item, kind, xMm, yMm });
        });
        return null;
      }
      case 'pick up':
        return this.#pickUp(dealer, key, text, intent.thing);
      case 'trade':
      case 'offer':
      case 'accept':
      case 'cancel':
        return this.#trading.intend(dealer, key, text, intent);
      default:
        return unreachable(intent);
    }
  }

  /** Has the journal do it. `then` before the player is told, and whether it was done. */
  #operate(dealer: Dealer, key: Uint8Array, text: string, operation: Operation, then: Concluded): void {
    const { ask, fence } = this.#context;
    dealer.underWay.add(text);
    const request = { holder: dealer.avatar.character, key, operation, fence };
    ask?.(this.#nowMs, { ask: 'operate', request }, (answer) => {
      dealer.underWay.delete(text);
      if (typeof answer === 'string' || answer.outcome === null) {
        then(false, null);
        this.#refuse(dealer, key, typeof answer === 'string' ? answer : 'internal', false);
        return;
      }
      then(answer.outcome.ok, answer.outcome.ok ? null : answer.outcome.code);
      this.#learn(answer);
      if (answer.outcome.ok)
        this.#reloadMissing(answer, [request.holder, ...(operation.kind === 'give' ? [operation.to] : [])]);
      this.#settle(dealer, key, answer.outcome);
    });
  }

  #give(
    dealer: Dealer,
    key: Uint8Array,
    text: string,
    { to, gives }: Extract<Intent, { do: 'give' }>,
  ): ErrorCode | null {
    const row = this.#context.rowOf(to.id);
    const taker = row === undefined ? undefined : this.#context.avatars.ofRow(row);
    const character = taker?.character ?? this.#context.ghostAt(to.id)?.character;
    if (character === undefined || taker === dealer.avatar) return 'target_unknown';
    this.#operate(dealer, key, text, { kind: 'give', to: character, gives }, (done) => {
      if (done) this.#context.changedElsewhere(to.id, character);
    });
    return null;
  }

  #buy(dealer: Dealer, key: Uint8Array, text: string, intent: Extract<Intent, { do: 'buy' }>): ErrorCode | null {
    const { stall, kind, price } = intent;
    const item = this.#market?.reserve(stall, kind);
    if (item === undefined) return 'sold_out';
    this.#operate(dealer, key, text, { kind: 'buy', stall, item, price }, (done) =>
      this.#market?.release(stall, { id: item, kind }, done),
    );
    return null;
  }

  #pickUp(dealer: Dealer, key: Uint8Array, text: string, thing: { readonly id: number }): ErrorCode | null {
    const item = this.#ground?.reserve(thing.id);
    if (item === undefined) return 'item_gone';
    const { id } = thing;
    this.#operate(dealer, key, text, { kind: 'pick-up', item }, (done, code) =>
      // Somebody of another zone was quicker: it lies there no more.
      this.#ground?.release(id, done || code === 'item_gone'),
    );
    return null;
  }

  #dealerOf(character: string): Dealer | undefined {
    const avatar = this.#context.avatars.ofCharacter(character);
    return avatar === undefined ? undefined : this.#dealers.known(avatar);
  }

  /** Also one who has gone on to another zone. */
  #partyOf(character: string): Dealer | undefined {
    return this.#dealerOf(character) ?? this.#dealers.elsewhere(character);
  }

  /** What is told later than something newer is left aside. */
  #learn({ belongings, stocks, ground }: DealingsAnswer): void {
    this.#market?.learn(stocks, ground);
    for (const all of belongings) {
      const dealer = this.#dealerOf(all.holder);
      if (dealer === undefined || (dealer.has !== null && dealer.has.asOf > all.asOf)) continue;
      dealer.has = all;
      dealer.stale = false;
      this.#show(dealer);
    }
  }

  /** It is done, but what they have now could not be read back just then: asked for until it is known. */
  #reloadMissing({ belongings }: DealingsAnswer, parties: readonly string[]): void {
    for (const character of parties) {
      const dealer = this.#dealerOf(character);
      if (dealer !== undefined && !belongings.some(({ holder }) => holder === character)) this.#reload(dealer);
    }
  }

  #show({ avatar, has }: Dealer): void {
    if (has !== null) this.#context.show(avatar, has, this.#trading.tableOf(avatar.character));
  }

  #settle(dealer: Trader, key: Uint8Array, outcome: NonNullable<DealingsAnswer['outcome']>): void {
    if (outcome.ok) this.#answer(dealer, key, { done: true, operation: outcome.operation });
    else this.#refuse(dealer, key, outcome.code, outcome.retryAfterMs === undefined);
  }

  /** `final`: it would be refused again; otherwise nothing was decided. */
  #refuse(dealer: Trader, key: Uint8Array, code: ErrorCode, final = true): void {
    this.#context.counters.operations_refused++;
    const outcome = { done: false, code: catalogue[code].close - BASE_CLOSE_CODE } as const;
    if (final) this.#answer(dealer, key, outcome);
    else this.#tell(dealer, key, outcome, false);
  }

  #answer(dealer: Trader, key: Uint8Array, outcome: AnswerOutcome): void {
    const { answers } = dealer;
    answers.set(key.toString(), outcome);
    if (answers.size > REMEMBERED_ANSWERS) answers.delete(answers.keys().next().value as string);
    this.#tell(dealer, key, outcome, true);
  }

  #tell(trader: Trader, key: Uint8Array, outcome: AnswerOutcome, final: boolean): void {
    if (this.#dealers.isHere(trader)) this.#context.avatars.news(trader.avatar).answers.push({ key, outcome });
    else if ('zone' in trader)
      this.#context.dealtAt((trader as Visitor).zone, trader.character, { key, outcome, final });
    else if (this.#dealers.isElsewhere(trader)) {
      this.#context.forward(trader.character, { key, outcome, final });
      this.#dealers.told(trader);
    }
  }
}
