import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeClusterNotice, encodeClusterNotice } from './cluster-notice.ts';

const hex = (digits: number) => {
  const digit = fc.constantFrom(...'0123456789abcdef');
  return fc.oneof(
    fc.constant(''),
    fc.array(digit, { minLength: digits, maxLength: digits }).map((it) => it.join('')),
  );
};
const notice = fc.record({
  identity: hex(32),
  generation: fc.maxSafeNat(),
  sinceMs: fc.maxSafeNat(),
  mark: hex(16),
  speaker: fc.string({ minLength: 1, maxLength: 60 }),
  joined: fc.boolean(),
});

it('where a process belongs comes back as it was written, and is nothing when it is cut or longer', () => {
  fc.assert(
    fc.property(notice, fc.nat(), (said, cut) => {
      const bytes = encodeClusterNotice(said);
      expect(decodeClusterNotice(bytes)).toEqual(said);
      expect(decodeClusterNotice(bytes.slice(0, cut % bytes.length))).toBeUndefined();
      expect(decodeClusterNotice(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }),
  );
});

it('what is no identity and no mark is no notice', () => {
  const said = { identity: '', generation: 1, sinceMs: 1, mark: '', speaker: 'zone', joined: true };
  for (const wrong of [{ identity: 'x'.repeat(32) }, { identity: 'ab' }, { mark: 'AB' }])
    expect(decodeClusterNotice(encodeClusterNotice({ ...said, ...wrong }))).toBeUndefined();
});
