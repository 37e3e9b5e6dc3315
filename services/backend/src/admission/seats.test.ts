import type { PresenceChange } from '@lifeverse/contracts';
import { expect, it } from 'vitest';
import { Seats } from './seats.ts';

function change(character: string, revision: number, state: PresenceChange['state'] = 'online'): PresenceChange {
  return { character, revision, state, incarnation: 1, handovers: 1, gateway: 'g' };
}

function rig() {
  const freed: number[] = [];
  const seats = new Seats((_, count) => freed.push(count));
  return { seats, freed };
}

it('counts a character once, from the ticket to when it has left', () => {
  const { seats, freed } = rig();
  seats.expect('a', 0);
  seats.expect('a', 1_000);
  expect([seats.taken, seats.has('a')]).toEqual([1, true]);
  seats.said(1, 1, [change('a', 1)], 2_000);
  expect(seats.taken).toBe(1);
  seats.said(1, 1, [change('a', 2, 'away')], 3_000);
  expect(seats.taken).toBe(1);
  seats.said(1, 1, [change('a', 3, 'offline')], 4_000);
  expect([seats.taken, freed]).toEqual([0, [1]]);
});

it('lets go of who has a ticket and does not come', () => {
  const { seats, freed } = rig();
  seats.expect('a', 0);
  seats.tick(31_000);
  expect(seats.taken).toBe(1);
  seats.tick(33_000);
  expect([seats.taken, freed]).toEqual([0, [1]]);
});

it('an earlier word that arrives late replaces no later one, and one who was replaced is not believed', () => {
  const { seats } = rig();
  seats.said(1, 2, [change('a', 5)], 0);
  seats.said(1, 2, [change('a', 4, 'offline')], 10);
  seats.said(1, 1, [change('a', 9, 'offline')], 20);
  seats.said(2, 1, [change('a', 9, 'offline')], 30);
  expect(seats.taken).toBe(1);
});

it('a zone with another owner has nobody yet, and that says nothing of how fast seats become free', () => {
  const { seats, freed } = rig();
  seats.said(1, 1, [change('a', 1), change('b', 2)], 0);
  seats.said(1, 2, [change('a', 1)], 10);
  expect([seats.taken, seats.has('b'), freed]).toEqual([1, false, []]);
});

it('a zone that is silent for a quarter of a minute has nobody', () => {
  const { seats } = rig();
  seats.restore(1, 1, ['a', 'b'], 0);
  seats.said(2, 1, [change('c', 1)], 10_000);
  seats.tick(15_000);
  expect(seats.taken).toBe(3);
  seats.tick(15_001);
  expect([seats.taken, seats.has('c')]).toEqual([1, true]);
});
