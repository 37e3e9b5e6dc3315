import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CheckpointRecord,
  checkpointOverheadBytes,
  decodeCheckpoints,
  decodeLoad,
  decodePresence,
  decodeStored,
  decodeVerdicts,
  deskBodyLimits,
  encodeCheckpoints,
  encodeLoad,
  encodePresence,
  encodeStored,
  encodeVerdicts,
  type PresenceChange,
  presenceStates,
  type StoredCharacter,
  verdicts,
} from './desk-bodies.ts';

const nat = fc.maxSafeNat();
const id = fc.uuid();
const standing = { xMm: fc.integer(), yMm: fc.integer(), kept: fc.uint8Array({ maxLength: 40 }) };
const checkpoint: fc.Arbitrary<CheckpointRecord> = fc.record({
  character: id,
  incarnation: nat,
  handovers: nat,
  tick: nat,
  leaves: fc.boolean(),
  ...standing,
});
const presence: fc.Arbitrary<PresenceChange> = fc.record({
  character: id,
  incarnation: nat,
  handovers: nat,
  revision: nat,
  state: fc.constantFrom(...presenceStates),
  gateway: fc.string({ maxLength: 20 }),
});
const stored: fc.Arbitrary<StoredCharacter> = fc.record({
  incarnation: nat,
  handovers: nat,
  zone: fc.option(nat),
  checkpoint: fc.option(fc.record(standing)),
});

/** Every body, as any value of it, its two directions. */
const bodies: [string, fc.Arbitrary<unknown>, (value: never) => Uint8Array, (bytes: Uint8Array) => unknown][] = [
  ['load', id, encodeLoad, decodeLoad],
  ['stored', stored, encodeStored, decodeStored],
  ['checkpoints', fc.array(checkpoint, { maxLength: 6 }), encodeCheckpoints, decodeCheckpoints],
  ['verdicts', fc.array(fc.constantFrom(...verdicts), { maxLength: 6 }), encodeVerdicts, decodeVerdicts],
  ['presence', fc.array(presence, { maxLength: 6 }), encodePresence, decodePresence],
];

describe.each(bodies)('%s', (_name, values, encode, decode) => {
  it('comes back as it was said, and is none when it is cut or longer', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(value as never);
        expect(decode(bytes)).toEqual(value);
        for (let cut = 0; cut < bytes.length; cut++) expect(decode(bytes.slice(0, cut))).toBeUndefined();
        expect(decode(Uint8Array.of(...bytes, 0))).toBeUndefined();
      }),
    );
  });

  it('is one or none, whatever the bytes', () => {
    const turns = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 });
    fc.assert(
      fc.property(values, turns, (value, turned) => {
        const bytes = encode(value as never);
        for (const [at, to] of turned) bytes[at % bytes.length] = to;
        const decoded = decode(bytes);
        if (Array.isArray(decoded)) expect(decoded.length).toBeLessThanOrEqual(deskBodyLimits.records);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void decode(bytes)));
  });
});

describe('limits', () => {
  const one = {
    character: 'a',
    incarnation: 1,
    handovers: 1,
    tick: 1,
    leaves: false,
    xMm: 0,
    yMm: 0,
    kept: new Uint8Array(0),
  };

  it('hold for what is kept, for ids and for lists', () => {
    const { keptBytes, characterBytes, records } = deskBodyLimits;
    const decoded = (...all: CheckpointRecord[]) => decodeCheckpoints(encodeCheckpoints(all));
    expect(decoded({ ...one, kept: new Uint8Array(keptBytes) })).toHaveLength(1);
    expect(decoded({ ...one, kept: new Uint8Array(keptBytes + 1) })).toBeUndefined();
    expect(decoded({ ...one, character: 'a'.repeat(characterBytes + 1) })).toBeUndefined();
    expect(decoded(...Array(records).fill(one))).toHaveLength(records);
    expect(decoded(...Array(records + 1).fill(one))).toBeUndefined();
    expect(decodeLoad(encodeLoad(''))).toBeUndefined();
  });

  it('a checkpoint takes no more than is reckoned with', () => {
    const [max, least] = [Number.MAX_SAFE_INTEGER, -(2 ** 31)];
    const character = 'a'.repeat(deskBodyLimits.characterBytes);
    const kept = new Uint8Array(deskBodyLimits.keptBytes);
    const largest = {
      character,
      incarnation: max,
      handovers: max,
      tick: max,
      leaves: true,
      xMm: least,
      yMm: least,
      kept,
    };
    const bytes = encodeCheckpoints([largest]).length - 1;
    expect(bytes).toBeLessThanOrEqual(checkpointOverheadBytes + kept.length);
  });
});
