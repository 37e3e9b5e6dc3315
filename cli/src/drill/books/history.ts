import type { Outcome } from '@lifeverse/client';

export interface Laid {
  readonly money: number;
  readonly items: readonly number[];
}

/** What was asked for, in the names of players, as they meant it. */
export type Wish =
  | { readonly do: 'give'; readonly to: string; readonly gives: Laid }
  | { readonly do: 'buy'; readonly stall: string; readonly price: number }
  | { readonly do: 'sell'; readonly stall: string; readonly price: number; readonly item: number }
  | { readonly do: 'drop'; readonly item: number }
  | { readonly do: 'pickUp' }
  /** The table as it was shown to who accepted it. */
  | { readonly do: 'accept'; readonly with: string; readonly mine: Laid; readonly theirs: Laid }
  /** Of what does not last by itself. */
  | { readonly do: 'trade' | 'offer' | 'cancel' };

/** An operation as the player saw it. Times are of this process. */
export interface Asked {
  readonly player: string;
  /** In hex, 16 bytes. */
  readonly key: string;
  readonly wish: Wish;
  readonly askedMs: number;
  answeredMs: number;
  /** Null: no answer came, or only when the power was gone already. */
  outcome: Outcome | null;
}

/** Whether the player knows what became of it. */
export function isAnswered({ outcome }: Asked): boolean {
  return outcome !== null && (outcome.ok || outcome.code !== 'outcome_unknown');
}
