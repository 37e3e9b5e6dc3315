import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';

describe('an event queue', () => {
  it('gives what was pushed in the order of time, and of pushing where that is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (moments) => {
        const queue = new EventQueue();
        const order: number[] = [];
        moments.forEach((atMs, index) => {
          queue.push(atMs, { due: () => order.push(index) });
        });
        while (queue.length > 0) queue.pop()?.due(0);
        const expected = moments
          .map((atMs, index) => ({ atMs, index }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(order).toEqual(expected.map(({ index }) => index));
      }),
    );
  });

  it('takes more while it gives', () => {
    const queue = new EventQueue();
    const told: string[] = [];
    queue.push(5, { due: () => told.push('late') });
    queue.push(1, { due: () => queue.push(2, { due: () => told.push('between') }) });
    while (queue.length > 0) queue.pop()?.due(0);
    expect(told).toEqual(['between', 'late']);
    expect(queue.nextMs).toBe(Number.POSITIVE_INFINITY);
    expect(queue.pop()).toBeUndefined();
  });
});
