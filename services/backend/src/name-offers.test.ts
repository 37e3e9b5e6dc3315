import { expect, it } from 'vitest';
import { NameOffers } from './name-offers.ts';
import { playerName } from './player-name.ts';

it('offers names that may be used, none twice among the last 2,048', () => {
  const offers = new NameOffers();
  const offered = Array.from({ length: 6_000 }, () => offers.next());
  for (const name of offered) expect(playerName(name)).toBe(name);
  for (let start = 0; start + 2_048 <= offered.length; start += 500) {
    expect(new Set(offered.slice(start, start + 2_048)).size).toBe(2_048);
  }
});

it('finds a free name whatever chance says', () => {
  const offers = new NameOffers(() => 0);
  expect([offers.next(), offers.next(), offers.next()]).toEqual(['Amber Acorn', 'Brave Acorn', 'Bright Acorn']);
});

it('has every pair of words within the limit', () => {
  let at = 0;
  const offers = new NameOffers((n) => at++ % n);
  const all = new Set(Array.from({ length: 64 * 64 }, () => offers.next()));
  expect(all.size).toBe(64 * 64);
  expect([...all].filter((name) => playerName(name) !== name)).toEqual([]);
});
