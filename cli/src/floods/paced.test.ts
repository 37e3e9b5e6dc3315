import { expect, it } from 'vitest';
import { paced } from './paced.ts';

it('does each once, and has done all of them when it is over, whatever became of some', async () => {
  const begun: number[] = [];
  let ended = 0;
  await paced(250, 1, async (index) => {
    begun.push(index);
    await new Promise((resolve) => setImmediate(resolve));
    ended++;
    if (index % 3 === 0) throw new Error('refused');
  });
  expect(begun).toEqual(Array.from({ length: 250 }, (_, i) => i));
  expect(ended).toBe(250);
});
