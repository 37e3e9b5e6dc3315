import { expect, it } from 'vitest';
import { Avatar } from './scene/avatar.ts';
import { describeSurroundings, directionOf, nearestTo } from './surroundings.ts';

const someone = (id: number, x: number, y: number, name?: string): Avatar =>
  new Avatar({ id, position: { x, y }, velocity: { x: 0, y: 0 }, ...(name === undefined ? {} : { name }) });

const own = someone(1, 0, 0, 'Me');

it('names the nearest and where they are', () => {
  const all = [own, someone(2, 0, 5, 'Ada'), someone(3, -2, -2, 'Bo'), someone(4, 60, 0, 'Far')];
  expect(describeSurroundings(own, all)).toBe('Near you: Bo, 3 metres to the south-west; Ada, 5 metres to the north.');
  expect(nearestTo(own, all, 4)?.id).toBe(3);
  expect(nearestTo(own, all, 1)).toBeNull();
});

it('counts those beyond the first three, and says when nobody is there', () => {
  const crowd = Array.from({ length: 6 }, (_, i) => someone(i + 2, i + 1, 0));
  expect(describeSurroundings(own, [own, ...crowd])).toMatch(/someone, 1 metre to the east.*; and 3 more\.$/);
  expect(describeSurroundings(own, [own])).toBe('Nobody is near you.');
});

it.each([
  [1, 0, 'east'],
  [1, 1, 'north-east'],
  [-1, 0, 'west'],
  [-1, -0.01, 'west'],
  [0, -3, 'south'],
])('(%d, %d) is to the %s', (dx, dy, name) => {
  expect(directionOf(dx, dy)).toBe(name);
});
