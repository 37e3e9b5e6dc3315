import type { Belongings, Stake } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { Has, Table } from './serve.ts';

export type Side = 'one' | 'other';

/** What one side has laid on the table, and the key of its acceptance of what lies there now. */
interface TradeSide {
  readonly character: string;
  gives: Stake;
  acceptedBy: string | null;
}

/** An open trade between two characters: soft state, known to the zone alone. */
export interface OpenTrade {
  readonly one: TradeSide;
  readonly other: TradeSide;
  /** Rises with every change of what lies there: an acceptance names the one it saw. */
  version: number;
  /** Both have accepted and the journal is asked: nothing can be changed any more. */
  committing: boolean;
}

/** What a change does to keys that waited: they are answered so. */
export interface Voided {
  readonly character: string;
  readonly key: string;
  readonly code: ErrorCode;
}

const nothing: Stake = { money: {}, items: [] };

/**
 * The tables of a zone (WO34): who trades with whom, what lies there and who has accepted it. Knows nothing of reach, of
 * belongings and of the journal.
 */
export class Trades {
  readonly #byCharacter = new Map<string, OpenTrade>();

  get all(): Iterable<OpenTrade> {
    return new Set(this.#byCharacter.values());
  }

  of(character: string): OpenTrade | undefined {
    return this.#byCharacter.get(character);
  }

  open(one: string, other: string): OpenTrade | ErrorCode {
    if (one === other) return 'target_unknown';
    const known = this.#byCharacter.get(one);
    if (known !== undefined && partnerOf(known, one).character === other) return known;
    if (known !== undefined || this.#byCharacter.has(other)) return 'trade_open';
    const side = (character: string): TradeSide => ({ character, gives: nothing, acceptedBy: null });
    const trade: OpenTrade = { one: side(one), other: side(other), version: 1, committing: false };
    this.#byCharacter.set(one, trade).set(other, trade);
    return trade;
  }

  /** Changes what one gives; acceptances of what lay there before are void. */
  offer(character: string, seen: number, gives: Stake): readonly Voided[] | ErrorCode {
    const trade = this.#byCharacter.get(character);
    if (trade === undefined || trade.committing) return 'trade_closed';
    if (trade.version !== seen) return 'offer_changed';
    const voided = accepted(trade).map(([who, key]) => ({ character: who, key, code: 'offer_changed' as const }));
    sideOf(trade, character).gives = gives;
    trade.version++;
    trade.one.acceptedBy = trade.other.acceptedBy = null;
    return voided;
  }

  /** True when both have accepted: it is to be committed now. */
  accept(character: string, seen: number, key: string): boolean | ErrorCode {
    const trade = this.#byCharacter.get(character);
    if (trade === undefined || trade.committing) return 'trade_closed';
    if (trade.version !== seen) return 'offer_changed';
    if (isNothing(trade.one.gives) && isNothing(trade.other.gives)) return 'command_refused';
    const side = sideOf(trade, character);
    if (side.acceptedBy !== null) return 'command_refused';
    side.acceptedBy = key;
    trade.committing = partnerOf(trade, character).acceptedBy !== null;
    return trade.committing;
  }

  /** By one's will, by leaving, by a connection that is lost, by a take-over. Too late once the journal is asked. */
  cancel(character: string): readonly Voided[] | ErrorCode {
    const trade = this.#byCharacter.get(character);
    if (trade === undefined || trade.committing) return 'trade_closed';
    this.close(trade);
    return accepted(trade).map(([who, key]) => ({ character: who, key, code: 'trade_closed' as const }));
  }

  close(trade: OpenTrade): void {
    for (const { character } of [trade.one, trade.other])
      if (this.#byCharacter.get(character) === trade) this.#byCharacter.delete(character);
  }
}

export function sideOf(trade: OpenTrade, character: string): OpenTrade[Side] {
  return trade.one.character === character ? trade.one : trade.other;
}

export function partnerOf(trade: OpenTrade, character: string): OpenTrade[Side] {
  return trade.one.character === character ? trade.other : trade.one;
}

/** The trade as one side sees it; items of which nothing is known any more are not shown. */
export function tableOf(
  trade: OpenTrade,
  character: string,
  partner: number,
  hasOf: (character: string) => Belongings | null,
): Table {
  const laid = ({ character: whose, gives }: TradeSide): Has => ({
    money: gives.money,
    items: (hasOf(whose)?.items ?? []).filter(({ id }) => gives.items.includes(id)),
  });
  const mine = sideOf(trade, character);
  const theirs = partnerOf(trade, character);
  return {
    with: partner as Table['with'],
    version: trade.version,
    mine: laid(mine),
    theirs: laid(theirs),
    iAccept: mine.acceptedBy !== null,
    theyAccept: theirs.acceptedBy !== null,
  };
}

function accepted(trade: OpenTrade): [character: string, key: string][] {
  return [trade.one, trade.other].flatMap(({ character, acceptedBy }): [string, string][] =>
    acceptedBy === null ? [] : [[character, acceptedBy]],
  );
}

function isNothing({ money, items }: Stake): boolean {
  return items.length === 0 && Object.keys(money).length === 0;
}
