import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeNeighbourMessage, encodeNeighbourMessage, neighbourLimits } from './neighbour.ts';

const nat = fc.maxSafeNat();
const message = fc.record({
  zone: nat,
  epoch: nat,
  toEpoch: nat,
  heard: nat,
  first: nat,
  notes: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
});

it('reads what was written', () => {
  fc.assert(
    fc.property(message, (said) => {
      const read = decodeNeighbourMessage(encodeNeighbourMessage(said));
      expect({ ...read, notes: read?.notes.map((note) => [...note]) }).toEqual({
        ...said,
        notes: said.notes.map((note) => [...note]),
      });
    }),
  );
});

it('reads nothing from what is cut off, goes on, or is something else', () => {
  const bytes = encodeNeighbourMessage({
    zone: 1,
    epoch: 2,
    toEpoch: 3,
    heard: 4,
    first: 5,
    notes: [Uint8Array.of(6)],
  });
  for (let length = 0; length < bytes.length; length++)
    expect(decodeNeighbourMessage(bytes.subarray(0, length))).toBeUndefined();
  expect(decodeNeighbourMessage(Uint8Array.of(...bytes, 0))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (noise) => {
      const read = decodeNeighbourMessage(noise);
      expect(read === undefined || read.notes.length <= neighbourLimits.notes).toBe(true);
    }),
  );
});

it('reads no message with more notes than it may have, and none of more bytes', () => {
  const message = { zone: 1, epoch: 1, toEpoch: 1, heard: 0, first: 1 };
  const many = Array.from({ length: neighbourLimits.notes + 1 }, () => new Uint8Array(0));
  expect(decodeNeighbourMessage(encodeNeighbourMessage({ ...message, notes: many }))).toBeUndefined();
  const long = [new Uint8Array(neighbourLimits.noteBytes + 1)];
  expect(decodeNeighbourMessage(encodeNeighbourMessage({ ...message, notes: long }))).toBeUndefined();
});
