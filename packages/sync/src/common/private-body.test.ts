import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type PrivateBody, PrivateCodec } from './private-body.ts';
import { testLayout } from './test-layout.ts';

const codec = new PrivateCodec(testLayout);
const quiet: PrivateBody = { tick: 7, applied: 0, position: null, owned: [], refused: [], answers: [] };

const bodies: fc.Arbitrary<PrivateBody> = fc.record({
  tick: fc.nat({ max: 255 }),
  applied: fc.maxSafeNat(),
  position: fc.option(fc.record({ x: fc.nat({ max: 2 ** 30 - 1 }), y: fc.nat({ max: 2 ** 30 - 1 }) })),
  owned: fc
    .tuple(fc.option(fc.nat({ max: 1_000 })), fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 10 })))
    .map((raws) => raws.flatMap((raw, index) => (raw === null ? [] : [{ index, raw }]))),
  refused: fc.array(fc.record({ sequence: fc.maxSafeNat(), code: fc.nat({ max: 127 }) }), { maxLength: 5 }),
  answers: fc.constant([]),
});

const answering = new PrivateCodec({ ...testLayout, operations: [{ number: 1, name: 'give', fields: [] }] });
const answers: fc.Arbitrary<Answer[]> = fc.array(
  fc.record({
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    outcome: fc.oneof(
      fc.record({ done: fc.constant(true as const), operation: fc.maxSafeNat() }),
      fc.record({ done: fc.constant(false as const), code: fc.nat({ max: 127 }) }),
    ),
  }),
  { maxLength: 4 },
);
const plain = (body: PrivateBody | undefined): unknown => ({
  ...body,
  answers: body?.answers.map(({ key, outcome }) => [Buffer.from(key).toString('hex'), outcome]),
});

describe('[SY13] what a zone tells one player', () => {
  it('has these bytes', () => {
    const hex = (body: PrivateBody): string => Buffer.from(codec.encode(body)).toString('hex');
    expect(hex(quiet)).toBe('070000');
    expect(hex({ ...quiet, tick: 263, applied: 300 })).toBe('07ac0200');
    expect(hex({ ...quiet, position: { x: 1, y: 2 } })).toBe('07000300000001000000');
    expect(hex({ ...quiet, owned: [{ index: 0, raw: 5 }] })).toBe('07002e00');
    expect(hex({ ...quiet, refused: [{ sequence: 3, code: 60 }] })).toBe('07001ce001');
  });

  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(codec.decode(codec.encode(body))).toEqual(body);
      }),
    );
  });

  it('knows the components that only the owner sees, in the order of the layout', () => {
    expect(codec.names).toEqual(['purse', 'keys']);
    expect(codec.fields.map((field) => field.initial)).toEqual([0, '']);
  });

  it('is a body or none, whatever the bytes', () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    for (let i = 0; i < 20_000; i++) {
      const body = codec.decode(Uint8Array.from({ length: random.below(40) }, () => random.below(256)));
      for (const { index, raw } of body?.owned ?? []) expect(codec.fields[index]?.toRaw(raw)).toBe(raw);
    }
    const whole = codec.encode({ ...quiet, position: { x: 5, y: 6 }, owned: [{ index: 1, raw: 'ab' }] });
    for (let length = 0; length < whole.length; length++) expect(codec.decode(whole.slice(0, length))).toBeUndefined();
  });
});

describe('[SY28] what became of operations', () => {
  const key = Uint8Array.from({ length: 16 }, (_, i) => i);

  it('has these bytes, and none in a world without operations', () => {
    const hex = (answer: Answer): string =>
      Buffer.from(answering.encode({ ...quiet, answers: [answer] })).toString('hex');
    expect(hex({ key, outcome: { done: true, operation: 5 } })).toBe('070008102030405060708090a0b0c0d0e0f0b000');
    expect(hex({ key, outcome: { done: false, code: 104 } })).toBe('070008102030405060708090a0b0c0d0e0f0000d');
    expect(Buffer.from(codec.encode({ ...quiet, answers: [] })).toString('hex')).toBe('070000');
    expect(Buffer.from(answering.encode(quiet)).toString('hex')).toBe('070000');
  });

  it('comes back as it was sent, behind all else', () => {
    fc.assert(
      fc.property(bodies, answers, (body, all) => {
        const sent = { ...body, answers: all };
        expect(plain(answering.decode(answering.encode(sent)))).toEqual(plain(sent));
      }),
    );
  });

  it('is none when it is cut', () => {
    const whole = answering.encode({ ...quiet, answers: [{ key, outcome: { done: true, operation: 2 ** 40 } }] });
    for (let length = 0; length < whole.length; length++)
      expect(answering.decode(whole.slice(0, length))).toBeUndefined();
  });

  it('is a body or none, whatever the bytes', () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      for (const answer of answering.decode(bytes)?.answers ?? []) expect(answer.key).toHaveLength(16);
    }
  });
});
