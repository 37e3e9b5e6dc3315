import { expect, it } from 'vitest';
import { decodeExpulsion, encodeExpulsion, MAX_EXPELLED } from './expulsion.ts';

const seat = { character: 'a', incarnation: 3 };

it('says the same on the other side, or nothing', () => {
  const expulsion = { code: 'player_suspended', logins: ['l'], seats: [seat] } as const;
  expect(decodeExpulsion(encodeExpulsion(expulsion))).toEqual(expulsion);
  const bytes = encodeExpulsion(expulsion);
  for (let end = 0; end < bytes.length; end++) expect(decodeExpulsion(bytes.subarray(0, end))).toBeUndefined();
  const others: unknown[] = [{ ...expulsion, logins: [1] }, { ...expulsion, seats: [{ character: 'a' }] }, [], null];
  others.push({ ...expulsion, code: 'toString' }, { ...expulsion, seats: [null] }, { ...expulsion, logins: 'l' });
  for (const other of others) expect(decodeExpulsion(new TextEncoder().encode(JSON.stringify(other)))).toBeUndefined();
});

it('holds as many as it may', () => {
  const login = '01234567-89ab-cdef-0123-456789abcdef';
  const whole = { character: login, incarnation: Number.MAX_SAFE_INTEGER };
  const logins = Array<string>(MAX_EXPELLED).fill(login);
  for (const full of [
    { code: 'session_unknown', logins, seats: [] },
    { code: 'player_suspended', logins: [], seats: Array(MAX_EXPELLED).fill(whole) },
  ] as const)
    expect(decodeExpulsion(encodeExpulsion(full))).toEqual(full);
});
