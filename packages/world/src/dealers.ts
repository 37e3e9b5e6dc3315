import { type Dealer, newDealer, type Trader } from './dealer.ts';
import type { TravellingDealer } from './handover-state.ts';
import type { Avatar } from './sessions.ts';

/**
 * The players of a zone as those who ask for what lasts; and those who went on to another zone while something that they
 * had asked for was under way: what comes of it is told there (WO54).
 */
export class Dealers {
  readonly #here = new Map<Avatar, Dealer>();
  readonly #elsewhere = new Map<string, Dealer>();
  /** Those with something to be done. */
  readonly busy = new Set<Dealer>();

  /** A new one when there is none yet. */
  of(avatar: Avatar): Dealer {
    return this.known(avatar) ?? this.#add(newDealer(avatar));
  }

  known(avatar: Avatar): Dealer | undefined {
    return this.#here.get(avatar);
  }

  elsewhere(character: string): Dealer | undefined {
    return this.#elsewhere.get(character);
  }

  isHere(trader: Trader): trader is Dealer {
    return 'avatar' in trader && this.#here.get(trader.avatar as Avatar) === trader;
  }

  isElsewhere(trader: Trader): trader is Dealer {
    return this.#elsewhere.get(trader.character) === trader;
  }

  #add(dealer: Dealer): Dealer {
    this.#here.set(dealer.avatar, dealer);
    this.busy.add(dealer);
    return dealer;
  }

  remove(avatar: Avatar): void {
    const dealer = this.#here.get(avatar);
    this.#here.delete(avatar);
    if (dealer !== undefined) this.busy.delete(dealer);
  }

  /** Goes on to another zone; what it takes along, null when it has never asked for anything. */
  depart(avatar: Avatar): TravellingDealer | null {
    const dealer = this.#here.get(avatar);
    this.remove(avatar);
    if (dealer === undefined) return null;
    if (dealer.underWay.size > 0) this.#elsewhere.set(avatar.character, dealer);
    return travelling(dealer);
  }

  /** What whoever takes over is to know, and to look up: it may have been done since. Null when they have never asked for anything. */
  copy(avatar: Avatar): TravellingDealer | null {
    const dealer = this.#here.get(avatar);
    if (dealer === undefined) return null;
    const copied = travelling(dealer);
    return { ...copied, waiting: copied.waiting.map((each) => ({ ...each, again: true })) };
  }

  /** Has come from another zone, which still owes it by then what came of some of its requests. */
  arrive(avatar: Avatar, travelling: TravellingDealer | null, owedByMs: number): void {
    const dealer = this.#add(newDealer(avatar));
    if (travelling === null) return;
    dealer.session = travelling.session;
    dealer.held = travelling.held;
    for (const { key, body, again } of travelling.waiting)
      dealer.waiting.push({ key, text: key.toString(), body, look: again ? 'first' : 'done' });
    for (const { key, outcome } of travelling.answers) dealer.answers.set(key.toString(), outcome);
    for (const key of travelling.underWay) {
      dealer.underWay.add(key.toString());
      dealer.owed.add(key.toString());
    }
    if (dealer.owed.size > 0) dealer.owedByMs = owedByMs;
  }

  /** Something of one who is elsewhere was told there. */
  told(dealer: Dealer): void {
    if (dealer.underWay.size === 0 && this.isElsewhere(dealer)) this.#elsewhere.delete(dealer.avatar.character);
  }
}

function travelling({ session, held, waiting, answers, underWay }: Dealer): TravellingDealer {
  return {
    session,
    held,
    waiting: waiting.map(({ key, body, look }) => ({ key, body, again: look !== 'done' })),
    answers: [...answers].map(([text, outcome]) => ({ key: keyOf(text), outcome })),
    underWay: [...underWay].map(keyOf),
  };
}

/** The bytes behind `Uint8Array.toString()`. */
export function keyOf(text: string): Uint8Array {
  return Uint8Array.from(text.split(','), Number);
}
