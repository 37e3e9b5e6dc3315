import type { Outcome, TradeTable } from '@lifeverse/client';
import type { Vec2 } from '@lifeverse/definition';

export interface Belonging {
  readonly id: number;
  readonly kind: string;
}

export interface ShownStall {
  readonly name: string;
  readonly wares: readonly { readonly kind: string; readonly asks: number; readonly pays: number }[];
}

/** What a player can do with what they have, in a world where one has something. */
export interface Dealing {
  readonly purse: number;
  readonly items: readonly Belonging[];
  readonly table: TradeTable | null;
  /** The stall that is within reach, if one is. */
  stallNear(at: Vec2): ShownStall | null;
  /** Before the stall that is nearest, where one can stand. */
  wayToMarket(at: Vec2): Vec2 | null;
  /** From hand to hand and from the ground, metres. */
  readonly reachM: number;
  buy(stall: string, kind: string, price: number): Promise<Outcome>;
  sell(stall: string, item: number, price: number): Promise<Outcome>;
  pickUp(thing: number): Promise<Outcome>;
  drop(item: number): Promise<Outcome>;
  give(to: number, money: number): Promise<Outcome>;
  trade(other: number): Promise<Outcome>;
  offer(seen: number, money: number, items: readonly Belonging[]): Promise<Outcome>;
  accept(seen: number): Promise<Outcome>;
  cancel(): Promise<Outcome>;
}

/** `1 coin`, `2 coins`. */
export const coins = (amount: number): string => `${amount} ${amount === 1 ? 'coin' : 'coins'}`;

/** `an apple`, `a lantern`. */
export const one = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;

/** `2 apples, a lantern and 3 coins`; `nothing`. */
export function stakeInWords(items: readonly Belonging[], money: number): string {
  const counted = new Map<string, number>();
  for (const { kind } of items) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  const parts = [...counted].map(([kind, count]) => (count === 1 ? one(kind) : `${count} ${kind}s`));
  if (money > 0) parts.push(coins(money));
  const last = parts.pop();
  if (last === undefined) return 'nothing';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
