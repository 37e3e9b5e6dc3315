import type { Belongings } from '@lifeverse/contracts';
import type { ErrorCode } from '@lifeverse/protocol';
import type { AnswerOutcome, MessageCodec, RawMessage } from '@lifeverse/sync/common';
import type { AskDesk } from './dealings-line.ts';
import type { BelongingsRules, Intent, Table } from './serve.ts';
import type { Avatar, Avatars } from './sessions.ts';
import type { Place, TradeNote } from './trading.ts';

/** What the zone does for operations. */
export interface DealingsContext {
  readonly avatars: Avatars;
  readonly counters: { operations: number; operations_refused: number };
  readonly codec: MessageCodec;
  /** Undefined in a world where nobody has anything. */
  readonly rules: BelongingsRules | undefined;
  readonly fence: { readonly zone: number; readonly epoch: number };
  /** Null where there is no desk: then nothing can be done that lasts. */
  readonly ask: AskDesk | null;
  /** Does something that is not to be done again by whoever takes over. */
  acts(avatar: Avatar): void;
  /** What the rules make of it: a refusal, something that is to last, or nothing more. */
  handle(avatar: Avatar, message: RawMessage, has: Belongings): ErrorCode | Intent | undefined;
  /** Lets the rules show the player what they have and what lies between them and another. */
  show(avatar: Avatar, has: Belongings, table: Table | null): void;
  idOf(row: number): number;
  rowOf(id: number): number | undefined;
  positionOf(row: number): { readonly xMm: number; readonly yMm: number };
  /** Whether that place is this zone's, millimetres. */
  isOwn(xMm: number, yMm: number): boolean;
  /** Also in a place of another zone: it goes there. */
  spawn(kind: string, xMm: number, yMm: number, components: object): number;
  remove(id: number): void;
  /** A player's avatar beside a border, in another zone; null when it is none. */
  ghostAt(id: number): { readonly character: string; readonly zone: number } | null;
  /** Where an entity is, here or beside a border; null when it is neither. */
  placeOf(id: number): Place | null;
  say(zone: number, note: TradeNote): void;
  hears(zone: number): boolean;
  /** Tells one of another zone what came of a request that was made here. */
  dealtAt(zone: number, character: string, dealt: Dealt): void;
  /** The journal has changed what somebody has who may be in another zone. */
  changedElsewhere(id: number, character: string): void;
  /** Tells one who has gone on to another zone what came of a request. */
  forward(character: string, dealt: Dealt): void;
}

/** What came of a request, told by another zone than the one that asked. */
export interface Dealt {
  readonly key: Uint8Array;
  readonly outcome: AnswerOutcome;
  /** It holds for good. */
  readonly final: boolean;
}
