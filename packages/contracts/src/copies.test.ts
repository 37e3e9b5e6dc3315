import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CopiesMessage, decodeCopied, decodeCopies, encodeCopied, encodeCopies } from './copies.ts';

const nat = fc.maxSafeNat();
const copies: fc.Arbitrary<CopiesMessage> = fc.record({
  zone: nat,
  epoch: nat,
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  begins: fc.boolean(),
  whole: fc.boolean(),
  copies: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
  gone: fc.array(fc.record({ entity: nat, generation: nat }), { maxLength: 5 }),
});
const copied = fc.record({ zone: nat, life: nat, epoch: nat, heard: nat });

it('reads what was written', () => {
  fc.assert(
    fc.property(copies, copied, (told, said) => {
      expect(decodeCopies(encodeCopies(told))).toEqual(told);
      expect(decodeCopied(encodeCopied(said))).toEqual(said);
    }),
  );
});

it('reads nothing from what is cut off, goes on, or is something else', () => {
  const message = { zone: 1, epoch: 2, sequence: 3, begins: true, whole: true };
  const told = encodeCopies({ ...message, copies: [Uint8Array.of(6)], gone: [{ entity: 4, generation: 5 }] });
  const said = encodeCopied({ zone: 1, life: 2, epoch: 3, heard: 4 });
  for (let length = 0; length < told.length; length++) expect(decodeCopies(told.subarray(0, length))).toBeUndefined();
  for (let length = 0; length < said.length; length++) expect(decodeCopied(said.subarray(0, length))).toBeUndefined();
  expect(decodeCopies(Uint8Array.of(...told, 0))).toBeUndefined();
  expect(decodeCopied(Uint8Array.of(...said, 0))).toBeUndefined();
  expect(decodeCopies(said)).toBeUndefined();
  expect(decodeCopied(told)).toBeUndefined();
  expect(decodeCopies(encodeCopies({ ...message, sequence: 0, copies: [], gone: [] }))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (noise) => {
      const read = decodeCopies(Uint8Array.of(0x63, ...noise));
      expect(read === undefined || read.sequence > 0).toBe(true);
    }),
  );
});
