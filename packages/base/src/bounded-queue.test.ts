import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

it('gives back in order what it took, and refuses what is beyond its capacity', () => {
  const step = fc.oneof(fc.nat(), fc.constant('shift' as const), fc.constant('clear' as const));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
      const queue = new BoundedQueue<number>(capacity);
      let model: number[] = [];
      for (const one of steps) {
        expect([queue.length, queue.peek()]).toEqual([model.length, model[0]]);
        if (one === 'shift') expect(queue.shift()).toBe(model.shift());
        else if (one === 'clear') {
          queue.clear();
          model = [];
        } else {
          expect(queue.push(one)).toBe(model.length < capacity);
          if (model.length < capacity) model.push(one);
        }
      }
    }),
  );
});
