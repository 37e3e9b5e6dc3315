import { parseContent } from '@lifeverse/base';
import type { StallPlan } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { prices, repriced } from './market-prices.ts';

const ware = (kind: string, asks: number | null, pays: number | null) => ({ kind, asks, pays, stock: 3 });
const baker: StallPlan = {
  name: 'baker',
  currency: 'coin',
  till: 100,
  wares: [ware('bread', 5, 2), ware('cake', 9, null), ware('flour', null, 1)],
};

describe('prices', () => {
  it('replace what is named, and leave the rest', () => {
    const body = { baker: { bread: { asks: 6 }, cake: { asks: 8, pays: 4 }, gold: { asks: 1 } }, smith: {} };
    expect(repriced([baker, { ...baker, name: 'potter' }], body)).toEqual([
      { ...baker, wares: [ware('bread', 6, 2), ware('cake', 8, null), ware('flour', null, 1)] },
      { ...baker, name: 'potter' },
    ]);
  });

  it('never make a stall pay more than it asks', () => {
    expect(repriced([baker], { baker: { bread: { asks: 1 } } })[0]?.wares[0]).toEqual(ware('bread', 1, 1));
    expect(repriced([baker], { baker: { bread: { pays: 50 } } })[0]?.wares[0]).toEqual(ware('bread', 5, 5));
    expect(parseContent(prices, { baker: { bread: { asks: 1, pays: 2 } } })).toMatchObject({
      ok: false,
      faults: [{ at: '/baker/bread/pays' }],
    });
  });

  it('know no inherited names', () => {
    const odd: StallPlan = { ...baker, name: 'constructor', wares: [ware('toString', 5, 2)] };
    expect(repriced([odd], {})).toEqual([odd]);
    expect(repriced([{ ...odd, name: 'baker' }], { baker: {} })[0]?.wares).toEqual(odd.wares);
  });

  it.each([0, -1, 1.5, 2 ** 53, '5', null])('of %j are refused', (asks) => {
    expect(parseContent(prices, { baker: { bread: { asks } } }).ok).toBe(false);
  });
});
