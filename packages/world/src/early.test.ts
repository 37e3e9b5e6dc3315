import type { UplinkOp } from '@lifeverse/contracts';
import { limits } from '@lifeverse/protocol';
import { describe, expect, it } from 'vitest';
import { Early, type EarlyOp } from './early.ts';

const input = (sequence: number, byte = 0): EarlyOp => {
  return { op: 'input', session: 1, sequence, tick: 7, body: Uint8Array.of(byte) };
};
const operation = (sequence: number): Extract<UplinkOp, { op: 'operation' }> => {
  const key = new Uint8Array(limits.keyBytes);
  return { op: 'operation', session: 1, sequence, held: 0, key, again: false, body: Uint8Array.of(1) };
};

describe('[WO52] what is said of who is not here yet', () => {
  it('is kept until they come, each once and in its order, whatever becomes of the bytes', () => {
    const early = new Early();
    const second = input(2, 5);
    for (const op of [input(1), second, operation(1), input(1), operation(1)]) early.keep('g1 1 1', op, 100);
    (second.body as Uint8Array)[0] = 9;
    expect([...early.take('g1 1 1')]).toEqual([input(1), input(2, 5), operation(1)]);
    expect([...early.take('g1 1 1')]).toEqual([]);
  });

  it('is of that life of a gateway, and forgotten after half a second', () => {
    const early = new Early();
    early.keep('g1 1 1', input(1), 100);
    early.keep('g1 2 1', input(2), 105);
    early.forget(111);
    expect([...early.take('g1 1 1')]).toEqual([]);
    expect([...early.take('g1 2 1')]).toEqual([input(2)]);
  });

  it('is no more than there is room for, of one and of all', () => {
    const early = new Early();
    for (let sequence = 1; sequence <= limits.unstableInputs + 5; sequence++) early.keep('g1 1 1', input(sequence), 1);
    expect([...early.take('g1 1 1')]).toHaveLength(limits.unstableInputs);
    for (let session = 1; session <= 2_000; session++) early.keep(`g1 1 ${session}`, input(1), 1);
    const left = Array.from({ length: 2_000 }, (_, i) => [...early.take(`g1 1 ${i + 1}`)].length);
    expect(left.filter((count) => count > 0)).toHaveLength(1_024);
    expect(left.at(-1)).toBe(1);
  });
});
