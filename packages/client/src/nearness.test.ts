import { describe, expect, it } from 'vitest';
import { isNearer } from './nearness.ts';
import { TestGateways } from './test-gateways.ts';

const whereabouts = ({ guests }: TestGateways): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const { at } of guests) all[at?.gateway ?? ''] = (all[at?.gateway ?? ''] ?? 0) + 1;
  return all;
};

it('what is felt is twenty milliseconds, or a quarter of the way', () => {
  expect([isNearer(10, 30), isNearer(10, 31), isNearer(150, 200), isNearer(149, 200), isNearer(30, 10)]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
});

describe('of several addresses', () => {
  /** Ways of so many ms to `a`, `b` and so on. */
  function away(...ms: readonly number[]): TestGateways {
    const names = [...'abcdefgh'].slice(0, ms.length);
    const gateways = new TestGateways(1, ...names);
    for (const [at, name] of names.entries()) gateways.away.set(name, ms[at] as number);
    return gateways;
  }

  it('those that are near are begun with, one as often as the other', async () => {
    const gateways = away(90, 12, 25);
    for (let i = 0; i < 200; i++) gateways.come('a', 'b', 'c');
    await gateways.time.until(1_000);
    const { b = 0, c = 0, ...others } = whereabouts(gateways);
    expect([b + c, others]).toEqual([200, {}]);
    expect(Math.min(b, c)).toBeGreaterThan(70);
  });

  it('one that does not answer, or late, is not waited for', async () => {
    const gateways = away(10, 10, 4_000);
    gateways.becomes('a', 'mute');
    gateways.come('a', 'b', 'c');
    await gateways.time.until(400);
    expect(whereabouts(gateways)).toEqual({ b: 1 });
  });

  it('where none answers, it is tried by them all the same', async () => {
    const gateways = away(10, 10);
    for (const name of ['a', 'b']) gateways.becomes(name, 'mute');
    gateways.come('a', 'b');
    await gateways.time.until(1_700);
    expect(gateways.asked).toHaveLength(1);
    for (const name of ['a', 'b']) gateways.becomes(name, 'well');
    await gateways.time.until(10_000);
    expect(whereabouts(gateways)['']).toBeUndefined();
  });

  it('a nearer one that is told later is gone to, within a minute and without losing anything', async () => {
    const gateways = away(120, 15);
    gateways.told = ['https://a.example', 'https://b.example'];
    for (let i = 0; i < 20; i++) gateways.come('a');
    await gateways.time.until(1_000);
    expect(whereabouts(gateways)).toEqual({ a: 20 });
    await gateways.time.until(75_000);
    expect(whereabouts(gateways)).toEqual({ b: 20 });
    expect(gateways.guests.map(({ moves, losses }) => [moves, losses])).toEqual(
      Array.from({ length: 20 }, () => [1, 0]),
    );
    await gateways.time.until(1_300_000);
    expect(gateways.guests.every(({ moves }) => moves === 1)).toBe(true);
  });

  it('one that is so far that its answer is not waited for is far all the same', async () => {
    const gateways = away(15, 400);
    gateways.told = ['https://a.example', 'https://b.example'];
    gateways.come('a');
    await gateways.time.until(75_000);
    gateways.better = 'https://b.example';
    gateways.asks('a', 10_000, 'https://b.example', 'better');
    await gateways.time.until(90_000);
    gateways.becomes('a', 'gone');
    gateways.becomes('a', 'well');
    await gateways.time.until(100_000);
    expect(gateways.guests.map(({ moves }) => moves)).toEqual([0]);
  });

  it('one that is far is not gone to because the server calls it better; one that stops is left for it', async () => {
    const gateways = away(15, 120);
    gateways.told = ['https://a.example', 'https://b.example'];
    gateways.come('a');
    await gateways.time.until(75_000);
    gateways.asks('a', 10_000, 'https://b.example', 'better');
    await gateways.time.until(90_000);
    expect(whereabouts(gateways)).toEqual({ a: 1 });
    gateways.asks('a', 10_000, 'https://b.example', 'stopping');
    await gateways.time.until(95_000);
    expect(whereabouts(gateways)).toEqual({ b: 1 });
  });
});
