import { declareContent, shape } from '@lifeverse/base';
import type { LiveContent, StallPlan } from '@lifeverse/contracts';
import type { StallPrices } from '../belongings/market-keeper.ts';

const MONEY_MAX = 1_000_000_000;
const STALLS_MAX = 200;
const KINDS_MAX = 200;

/**
 * What stalls ask and pay instead of what the world declares: by stall and kind of ware. Whatever is not named stays as
 * it was declared, and what the world does not know is nothing.
 */
export const prices = declareContent({
  shape: shape.map(
    shape.map(
      shape.object({ asks: shape.integer(1, MONEY_MAX), pays: shape.integer(0, MONEY_MAX) }, ['asks', 'pays']),
      KINDS_MAX,
    ),
    STALLS_MAX,
  ),
  initial: {},
  sentence: 'What market stalls ask and pay, where it is other than the world declares.',
  check: (body) =>
    Object.entries(body).flatMap(([stall, wares]) =>
      Object.entries(wares).flatMap(([kind, { asks, pays }]) =>
        asks !== undefined && pays !== undefined && pays > asks
          ? [{ at: `/${stall}/${kind}/pays`, why: 'must not be above asks: money would come out of nothing' }]
          : [],
      ),
    ),
});

type Prices = (typeof prices)['initial'];

/**
 * The plans with these prices. A stall that does not sell, or does not buy, a kind by its plan does not because of a
 * price; and no stall pays more than it asks, whatever was declared with what.
 */
export function repriced(stalls: readonly StallPlan[], body: Prices): readonly StallPlan[] {
  return stalls.map((stall) => {
    const changes = Object.hasOwn(body, stall.name) ? body[stall.name] : undefined;
    if (changes === undefined) return stall;
    const wares = stall.wares.map((ware) => {
      const change = Object.hasOwn(changes, ware.kind) ? changes[ware.kind] : undefined;
      const asks = ware.asks === null ? null : (change?.asks ?? ware.asks);
      const wouldPay = ware.pays === null ? null : (change?.pays ?? ware.pays);
      const pays = asks === null || wouldPay === null ? wouldPay : Math.min(asks, wouldPay);
      return { ...ware, asks, pays };
    });
    return { ...stall, wares };
  });
}

/** For whoever keeps the market: prices by the content in force. */
export function stallPrices(live: LiveContent<{ prices: typeof prices }>): StallPrices {
  return {
    of: (stalls) => repriced(stalls, live.get('prices')),
    onChange: (changed) => {
      live.onChange((documents) => {
        if (documents.includes('prices')) changed();
      });
    },
  };
}
