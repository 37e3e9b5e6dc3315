import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeTruth, decodeTruthWanted, encodeTruth, encodeTruthWanted, MAX_TRUTH_ENTITIES } from './truth.ts';

const entities = fc.record({ id: fc.maxSafeNat(), xMm: fc.integer(), yMm: fc.integer() });

it('the truth comes back as it was written, and is none when it is cut or longer', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.array(entities, { maxLength: 20 }), fc.nat(), (tick, all, cut) => {
      const bytes = encodeTruth({ tick, entities: all });
      expect(decodeTruth(bytes)).toEqual({ tick, entities: all });
      expect(decodeTruth(bytes.slice(0, cut % bytes.length))).toBeUndefined();
      expect(decodeTruth(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }),
  );
});

it('the wish for it does, too', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), { maxLength: 20 }), fc.nat(), (ids, cut) => {
      const bytes = encodeTruthWanted(ids);
      expect(decodeTruthWanted(bytes)).toEqual(ids);
      expect(decodeTruthWanted(bytes.slice(0, cut % bytes.length))).toBeUndefined();
    }),
  );
});

it('neither speaks of more than a thousand', () => {
  const ids = Array.from({ length: MAX_TRUTH_ENTITIES + 1 }, (_, i) => i);
  expect(decodeTruthWanted(encodeTruthWanted(ids))).toBeUndefined();
  expect(decodeTruthWanted(encodeTruthWanted(ids.slice(1)))).toHaveLength(MAX_TRUTH_ENTITIES);
  const told = ids.map((id) => ({ id, xMm: 0, yMm: 0 }));
  expect(decodeTruth(encodeTruth({ tick: 1, entities: told }))).toBeUndefined();
});
