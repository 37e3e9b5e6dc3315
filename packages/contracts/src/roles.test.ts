import { expect, it } from 'vitest';
import { mayDo, roles } from './roles.ts';

it('each role may do what its work needs and no more', () => {
  const who = (act: Parameters<typeof mayDo>[1]) => roles.filter((role) => mayDo([role], act));
  expect(who('players.read')).toEqual(roles);
  expect(who('players.email')).toEqual(['support', 'game master', 'operator', 'owner']);
  expect(who('journal.refund')).toEqual(['game master', 'operator', 'owner']);
  expect(who('toggles.change')).toEqual(['responder', 'operator', 'owner']);
  expect(who('roles.grant')).toEqual(['owner']);
});

it('several roles add up, and what is no role allows nothing', () => {
  expect(mayDo(['viewer', 'game master'], 'players.suspend')).toBe(true);
  expect(mayDo([], 'players.read')).toBe(false);
  expect(mayDo(['constructor', 'OWNER', ''], 'players.read')).toBe(false);
});
