import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeTimeAnswer, decodeTimeQuestion, encodeTimeAnswer, encodeTimeQuestion } from './time.ts';

const cut = (bytes: Uint8Array, at: number): Uint8Array => bytes.slice(0, at % bytes.length);

it('a question for the time comes back as it was written, and is none when it is cut or longer', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.maxSafeNat(), fc.nat(), (gateway, number, at) => {
      const bytes = encodeTimeQuestion({ gateway, number });
      expect(decodeTimeQuestion(bytes)).toEqual({ gateway, number });
      expect(decodeTimeQuestion(cut(bytes, at))).toBeUndefined();
      expect(decodeTimeQuestion(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }),
  );
});

it('so does the answer, to the microsecond; what is uncertain is never told as less', () => {
  const ms = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      ms,
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      fc.nat(),
      (number, at, off, where) => {
        const bytes = encodeTimeAnswer({ number, serverMs: at, uncertaintyMs: off });
        const answer = decodeTimeAnswer(bytes);
        expect(answer?.number).toBe(number);
        expect(Math.abs((answer?.serverMs ?? 0) - at)).toBeLessThanOrEqual(0.001);
        expect(answer?.uncertaintyMs).toBeGreaterThanOrEqual(off);
        expect(decodeTimeAnswer(cut(bytes, where))).toBeUndefined();
        expect(decodeTimeAnswer(Uint8Array.of(...bytes, 0))).toBeUndefined();
      },
    ),
  );
});
