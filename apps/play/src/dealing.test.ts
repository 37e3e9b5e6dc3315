import { expect, it } from 'vitest';
import { coins, one, stakeInWords } from './dealing.ts';

it('says in words what lies on the table', () => {
  const apple = (id: number) => ({ id, kind: 'apple' });
  expect(stakeInWords([], 0)).toBe('nothing');
  expect(stakeInWords([apple(1)], 0)).toBe('an apple');
  expect(stakeInWords([apple(1), { id: 2, kind: 'lantern' }, apple(3)], 1)).toBe('2 apples, a lantern and 1 coin');
  expect([coins(0), coins(1), one('lantern')]).toEqual(['0 coins', '1 coin', 'a lantern']);
});
