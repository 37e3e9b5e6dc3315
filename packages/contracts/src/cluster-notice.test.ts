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
  version: fc.string({ maxLength: 16 }),
  joined: fc.boolean(),
});

it('where a process belongs comes back as it was written, also with what a later version adds, and is nothing when it is cut', () => {
  fc.assert(
    fc.property(notice, fc.nat(), (said, cut) => {
      const bytes = encodeClusterNotice(said);
      expect(decodeClusterNotice(bytes)).toEqual(said);
      expect(decodeClusterNotice(bytes.slice(0, cut % bytes.length))).toBeUndefined();
      expect(decodeClusterNotice(Uint8Array.of(...bytes, 0))).toEqual(said);
    }),
  );
});

it('what is no identity and no mark is no notice', () => {
  const said = { identity: '', generation: 1, sinceMs: 1, mark: '', speaker: 'zone', version: '0.1.0', joined: true };
  for (const wrong of [{ identity: 'x'.repeat(32) }, { identity: 'ab' }, { mark: 'AB' }])
    expect(decodeClusterNotice(encodeClusterNotice({ ...said, ...wrong }))).toBeUndefined();
});
