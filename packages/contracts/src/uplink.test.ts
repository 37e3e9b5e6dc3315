import { limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUplink, type UplinkOp, UplinkWriter } from './uplink.ts';

const nat = fc.maxSafeNat();
const slot = fc.nat({ max: 999_999 });
const wanted = fc.record({ slot, cell: nat, audience: fc.nat({ max: 7 }) });
const ops: fc.Arbitrary<UplinkOp> = fc.oneof(
  fc.record({
    op: fc.constant('attach' as const),
    session: nat,
    character: fc.string({ maxLength: 64 }),
    incarnation: nat,
    name: fc.string({ maxLength: limits.nameBytes }),
  }),
  fc.record({
    op: fc.constant('attach' as const),
    session: nat,
    character: fc.string({ maxLength: 64 }),
    incarnation: nat,
    name: fc.string({ maxLength: limits.nameBytes }),
    mutedUntilMs: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    handovers: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    continues: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  }),
  fc.record({
    op: fc.constant('detach' as const),
    session: nat,
    character: fc.string({ maxLength: 64 }),
    incarnation: nat,
    left: fc.boolean(),
  }),
  fc.record({
    op: fc.constant('input' as const),
    session: nat,
    sequence: nat,
    tick: fc.nat({ max: 0xffff }),
    body: fc.uint8Array({ maxLength: 60 }),
  }),
  fc.record({
    op: fc.constant('interest' as const),
    version: nat,
    base: nat,
    add: fc.array(wanted, { maxLength: 30 }),
    drop: fc.array(slot, { maxLength: 30 }),
  }),
  fc.record({
    op: fc.constant('operation' as const),
    session: nat,
    sequence: nat,
    held: nat,
    key: fc.uint8Array({ minLength: limits.keyBytes, maxLength: limits.keyBytes }),
    again: fc.boolean(),
    body: fc.uint8Array({ maxLength: limits.operationBytes }),
  }),
  fc.record({ op: fc.constant('key' as const), slot }),
  fc.constant({ op: 'resync' } as const),
);

const plain = (all: readonly UplinkOp[] | undefined): unknown =>
  all?.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([name, part]) => [name, part instanceof Uint8Array ? [...part] : part]),
    ),
  );

describe('an uplink', () => {
  it('comes back as it was said, and its writer starts anew', () => {
    const writer = new UplinkWriter('g-1', 7);
    fc.assert(
      fc.property(fc.array(ops, { maxLength: 8 }), (all) => {
        for (const op of all) writer.add(op);
        expect(writer.empty).toBe(all.length === 0);
        const uplink = decodeUplink(writer.take());
        expect([uplink?.gateway, uplink?.generation, plain(uplink?.ops)]).toEqual(['g-1', 7, plain(all)]);
        expect(writer.empty).toBe(true);
      }),
    );
  });

  it('without a word says that the gateway is still there', () => {
    expect(decodeUplink(new UplinkWriter('g', 1).take())).toEqual({ gateway: 'g', generation: 1, ops: [] });
  });

  it('is one or none, whatever the bytes', () => {
    const writer = new UplinkWriter('g', 1);
    const hostile = fc.tuple(
      fc.array(ops, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }),
    );
    fc.assert(
      fc.property(hostile, fc.nat(), ([all, turned], cut) => {
        for (const op of all) writer.add(op);
        const bytes = writer.take();
        for (const [at, value] of turned) bytes[at % bytes.length] = value;
        for (const one of [bytes, bytes.slice(0, cut % bytes.length)]) {
          for (const op of decodeUplink(one)?.ops ?? []) {
            if (op.op === 'interest') expect(op.add.every((stream) => stream.slot < 1_000_000)).toBe(true);
          }
        }
      }),
    );
  });

  it.each([
    ['of another kind', '61'],
    ['with an unknown word', '71016701' + 'ff'],
    ['with a character longer than 64', `7101670101 05${'41'}${'61'.repeat(65)}0100`.replace(' ', '')],
    ['that wants slots beyond all', '71016701' + '04' + '0100' + '01' + '80897a' + '00' + '00' + '00'],
    ['with more wishes than bytes', '71016701' + '04' + '0100' + 'ffff7f'],
    ['with an operation of half a key', '71016701' + '07' + '010100' + '0011223344556677'],
    ['that ends in a word', '71016701' + '05'],
  ])('is none %s', (_what, bytes) => {
    expect(decodeUplink(Buffer.from(bytes, 'hex'))).toBeUndefined();
  });
});
