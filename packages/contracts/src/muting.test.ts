import { expect, it } from 'vitest';
import { decodeMutings, encodeMutings, MAX_MUTINGS } from './muting.ts';

const muting = { character: 'a', incarnation: 3, untilMs: 60_000 };

it('says the same on the other side, or nothing', () => {
  const mutings = [muting, { ...muting, character: 'b', untilMs: 0 }];
  const bytes = encodeMutings(mutings);
  expect(decodeMutings(bytes)).toEqual(mutings);
  for (let end = 0; end < bytes.length; end++) expect(decodeMutings(bytes.subarray(0, end))).toBeUndefined();
  for (const other of [{}, { mutings: [1] }, { mutings: [{ ...muting, untilMs: -1 }] }, { mutings: [{ untilMs: 1 }] }])
    expect(decodeMutings(new TextEncoder().encode(JSON.stringify(other)))).toBeUndefined();
});

it('holds as many as it may', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const longest = { character: '01234567-89ab-cdef-0123-456789abcdef', incarnation: most, untilMs: most };
  const full = Array(MAX_MUTINGS).fill(longest);
  expect(decodeMutings(encodeMutings(full))).toEqual(full);
});
