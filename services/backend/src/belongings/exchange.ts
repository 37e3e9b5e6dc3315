import type { DealingsAnswer, DealingsAsk, DurableRequest, Money, Stake, TradeOperation } from '@lifeverse/contracts';
import type { Journal } from '../journal/index.ts';
import { uuidOf } from './read-belongings.ts';

type Exchange = Extract<DealingsAsk, { ask: 'exchange' }>;

/**
 * Both sides have accepted in the zone: in the journal, the first one lays the offer and accepts it, and the acceptance of
 * the other exchanges everything in one transaction. All keys follow from the two that the players gave: asked again, it
 * is the same exchange. The trade has the key of the first acceptance as its id, so that it can be found by it.
 */
export async function exchange(
  journal: Journal,
  { one, other }: Exchange,
  fence: DurableRequest['fence'],
): Promise<Pick<DealingsAnswer, 'outcome' | 'refusedFor'>> {
  const trade = uuidOf(one.key);
  const does = (side: Exchange['one'], key: Uint8Array, operation: TradeOperation) =>
    journal.submit({ holder: side.holder, key, operation, ...(fence === undefined ? {} : { fence }) });
  const gives = beyond(one.gives, other.gives.money);
  const takes = beyond(other.gives, one.gives.money);
  const offer = { kind: 'offer', trade, with: other.holder, offer: 1, gives, takes } as const;
  const accept = { kind: 'accept', trade, offer: 1 } as const;
  const first =
    failed(await does(one, variant(one.key, 1), offer)) ?? failed(await does(one, variant(one.key, 2), accept));
  const outcome = first ?? (await does(other, other.key, accept));
  if (outcome.ok || outcome.retryAfterMs !== undefined) return { outcome };
  await does(one, variant(one.key, 3), { kind: 'cancel', trade });
  if (first !== null) return { outcome, refusedFor: 'one' };
  if (outcome.code !== 'partner_short') return { outcome, refusedFor: 'other' };
  // Between its acceptance and this one, the first side gave away what it had offered.
  const code = one.gives.items.length > 0 ? 'item_not_yours' : 'money_short';
  return { outcome: { ok: false, code }, refusedFor: 'one' };
}

/** In the journal a currency goes one way: where both lay it on the table, the difference does. */
function beyond({ money, items }: Stake, back: Money): Stake {
  const more: Record<string, number> = {};
  for (const [currency, amount] of Object.entries(money)) {
    const difference = amount - (back[currency] ?? 0);
    if (difference > 0) more[currency] = difference;
  }
  return { money: more, items };
}

function failed(outcome: Awaited<ReturnType<Journal['submit']>>) {
  return outcome.ok ? null : outcome;
}

/** A key of the zone's own, that follows from the player's. */
function variant(key: Uint8Array, number: number): Uint8Array {
  const other = key.slice();
  other[other.length - 1] = (other[other.length - 1] as number) ^ number;
  return other;
}
