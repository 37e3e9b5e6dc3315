import type { Belongings, OwnedItem } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { AnswerOutcome } from '@lifeverse/sync/common';
import type { Avatar } from './sessions.ts';

/** An operation that was said and is not begun. */
export interface Waiting {
  readonly key: Uint8Array;
  readonly text: string;
  readonly body: Uint8Array;
  /** A repetition is looked up in the journal before any rule is asked. */
  look: 'first' | 'looking' | 'done';
}

/** One who may trade, wherever they are. */
export interface Trader {
  readonly character: string;
  readonly has: Belongings | null;
  readonly underWay: Set<string>;
  /** The last answers that hold for good, by key: a repetition is answered alike. */
  readonly answers: Map<string, AnswerOutcome>;
}

/** A player's avatar, as one who asks for what lasts. */
export interface Dealer extends Trader {
  readonly avatar: Avatar;
  /** The entrance of the connection whose operations are counted by `held`. */
  session: string;
  held: number;
  readonly waiting: Waiting[];
  /** Of those under way, the ones that another zone has asked for: it says what came of them. */
  readonly owed: Set<string>;
  owedByMs: number;
  has: Belongings | null;
  /** It has changed since, and nobody could say how. */
  stale: boolean;
  /** When what they have is to be asked for (again). */
  loadAtMs: number;
  /** Why it could not be found out. */
  problem: ErrorCode | null;
}

export function newDealer(avatar: Avatar): Dealer {
  return {
    avatar,
    character: avatar.character,
    session: '',
    held: 0,
    waiting: [],
    answers: new Map(),
    underWay: new Set(),
    owed: new Set(),
    owedByMs: Number.POSITIVE_INFINITY,
    has: null,
    stale: true,
    loadAtMs: 0,
    problem: null,
  };
}

/** What that thing is; undefined when they do not have it, or it is not known what they have. */
export function kindOf(has: Belongings | null, item: number): OwnedItem['kind'] | undefined {
  return has?.items.find(({ id }) => id === item)?.kind;
}
