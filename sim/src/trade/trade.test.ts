import { describe, expect, it } from 'vitest';
import { searchTrades } from './main.ts';
import { runTrace } from './trace.ts';

describe('trades among failing servers', () => {
  it('keep everything that was acknowledged, once', () => {
    const search = searchTrades({ seed: 1, seeds: 2_000, plant: 'none' });
    expect(search.violation).toBeNull();
    expect(search.distinct).toBeGreaterThan(1_950);
    // It is not for want of trades.
    expect(search.exchanged).toBeGreaterThan(100);
  });

  it('go the same way again by the same seed', () => {
    expect(runTrace(7, null)).toEqual(runTrace(7, null));
    expect(runTrace(7, null).hash).not.toBe(runTrace(8, null).hash);
  });

  it.each(['ack-before-commit', 'no-key-check', 'one-sided-save'])('show that %s is found', (plant) => {
    const search = searchTrades({ seed: 1, seeds: 500, plant });
    expect(search.violation).not.toBeNull();
  });
});
