import { describe, expect, it } from 'vitest';
import { PERIOD_MS, TwoGateways } from './test-two-gateways.ts';

const elsewhere = ['https://b.example', 'https://c.example'];

/** So many in the world by the first gateway, and where each was asked to go, as they come. */
function crowd(
  players: number,
  better: (zone: number) => string | null = () => null,
): { readonly two: TwoGateways; readonly asked: string[] } {
  const two = new TwoGateways(1);
  two.better = better;
  const asked: string[] = [];
  for (let i = 0; i < players; i++)
    two.join(`player ${i}`, 0).asked = ({ address, withinMs, reason }) => {
      asked.push(`${reason} ${address}`);
      expect(withinMs).toBeLessThanOrEqual(10_000);
    };
  two.run(10);
  expect(two.gateways[0]?.players).toBe(players);
  return { two, asked };
}

const ticks = (ms: number): number => ms / PERIOD_MS;

describe('[GW30] players who are to be handed over', () => {
  it('are asked one after the other, 20 a second at least, each other gateway getting its share', () => {
    const { two, asked } = crowd(30);
    two.gateways[0]?.leave(10_000, () => elsewhere, two.nowMs);
    two.run(ticks(500));
    expect(asked.length).toBeGreaterThanOrEqual(9);
    expect(asked.length).toBeLessThanOrEqual(11);
    two.run(ticks(1_200));
    expect(asked).toHaveLength(30);
    for (const address of elsewhere) expect(asked.filter((one) => one === `stopping ${address}`)).toHaveLength(15);
    two.run(ticks(1_000));
    expect(asked).toHaveLength(30);
  });

  it('are all asked within half of the time, if that is no more than 500 a second', () => {
    const { two, asked } = crowd(300);
    two.gateways[0]?.leave(4_000, () => elsewhere, two.nowMs);
    two.run(ticks(1_000));
    expect(asked.length).toBeGreaterThan(130);
    expect(asked.length).toBeLessThan(170);
    two.run(ticks(1_100));
    expect(asked).toHaveLength(300);
  });

  it('are not asked while there is nowhere to go, and not all at once when there is', () => {
    const { two, asked } = crowd(100);
    let others: readonly string[] = [];
    two.gateways[0]?.leave(10_000, () => others, two.nowMs);
    two.run(ticks(1_000));
    others = elsewhere;
    two.run(ticks(1_000));
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.length).toBeLessThan(25);
  });

  it('stay, and others are let in, when it is not so any more; then they can be asked anew', () => {
    const { two, asked } = crowd(10);
    const [gateway] = two.gateways;
    gateway?.leave(10_000, () => elsewhere, two.nowMs);
    two.run(ticks(200));
    const late = two.join('late', 0);
    two.run(2);
    expect([late.closedWith, gateway?.leaves, gateway?.gauges().draining]).toEqual(['server_stopping', true, 1]);
    gateway?.stay();
    const before = asked.length;
    const again = two.join('again', 0);
    two.run(ticks(1_000));
    expect([asked.length, again.closedWith, gateway?.players]).toEqual([before, null, 11]);
    gateway?.leave(10_000, () => elsewhere, two.nowMs);
    two.run(ticks(1_000));
    expect(asked.length).toBe(before + 10);
  });

  it('who speak a version that knows no such request are not asked', () => {
    const { two, asked } = crowd(2);
    for (const walker of two.walkers) walker.speaks(3);
    two.gateways[0]?.leave(10_000, () => elsewhere, two.nowMs);
    two.run(ticks(1_000));
    expect(asked).toEqual([]);
  });
});

describe('[GW32] players whose zone another gateway has', () => {
  it('are asked to go there once they have been there for ten seconds, twenty in a second, and once a minute', () => {
    const { two, asked } = crowd(30, (zone) => (zone === 1 ? 'https://b.example' : null));
    two.run(ticks(9_000));
    expect(asked).toEqual([]);
    while (asked.length === 0 && two.nowMs < 12_000) two.run();
    expect(asked).toHaveLength(20);
    two.run(ticks(1_000));
    expect(asked).toEqual(Array.from({ length: 30 }, () => 'better https://b.example'));
    two.run(ticks(58_000));
    expect(asked).toHaveLength(30);
    two.run(ticks(4_000));
    expect(asked).toHaveLength(60);
  });

  it('are asked to go there, too, when all are to leave', () => {
    const { two, asked } = crowd(4, () => 'https://c.example');
    two.gateways[0]?.leave(10_000, () => ['https://b.example'], two.nowMs);
    two.run(ticks(1_000));
    expect(asked).toEqual(Array.from({ length: 4 }, () => 'stopping https://c.example'));
  });

  it('are not asked again within a minute of having come from another gateway', () => {
    const { two, asked } = crowd(1, () => 'https://b.example');
    const [walker] = two.walkers;
    walker?.moveTo(1);
    two.run(ticks(50_000));
    expect([walker?.moves, asked]).toEqual([1, []]);
    two.run(ticks(12_000));
    expect(asked).toHaveLength(1);
  });

  it('are not when none is better, nor by a message that they do not know', () => {
    const none = crowd(2, () => null);
    none.two.run(ticks(15_000));
    const old = crowd(2, () => 'https://b.example');
    for (const walker of old.two.walkers) walker.speaks(3);
    old.two.run(ticks(15_000));
    expect([none.asked, old.asked]).toEqual([[], []]);
  });
});
