import { expect, it } from 'vitest';
import { decodeExpulsion, encodeExpulsion } from './expulsion.ts';

it('says the same on the other side, or nothing', () => {
  const expulsion = { characters: ['a', 'b'], code: 'player_suspended' } as const;
  expect(decodeExpulsion(encodeExpulsion(expulsion))).toEqual(expulsion);
  const bytes = encodeExpulsion(expulsion);
  for (let end = 0; end < bytes.length; end++) expect(decodeExpulsion(bytes.subarray(0, end))).toBeUndefined();
  for (const other of [{ characters: [1], code: 'internal' }, { characters: ['a'], code: 'toString' }, [], null])
    expect(decodeExpulsion(new TextEncoder().encode(JSON.stringify(other)))).toBeUndefined();
});
