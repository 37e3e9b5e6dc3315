import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** What a script prints that begins with `first`. */
function number(first: string, script: string): number {
  const whole = `
    import * as v8 from 'node:v8';
    import { keepHeapSmall } from ${JSON.stringify(import.meta.resolve('./heap.ts'))};
    ${first}
    ${script}`;
  // What is dead is looked for by the thread that allocates alone: on a busy machine others come to that too late.
  const flags = ['--single-threaded-gc', '--input-type=module-typescript'];
  return Number(execFileSync(process.execPath, [...flags, '-e', whole]));
}

/** Bytes set aside for young objects after many of them have outlived several collections. */
const youngSpaceBytes = (first: string): number =>
  number(
    first,
    `const kept = [];
    for (let i = 0; i < 2e6; i++) {
      kept[i % 4e5] = { i, next: [i] };
    }
    console.log(v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`,
  );

/**
 * Bytes in use at most, while as much is alive all the time, and who comes and goes outlives several collections. With
 * pauses, as a server has them: what allocates all the time is collected sooner by itself.
 */
const mostBytes = (first: string): number =>
  number(
    first,
    `const living = Array.from({ length: 2e5 }, (_, i) => ({ i, next: [i] }));
    const visitors = [];
    let most = 0;
    for (let i = 0; i < 1.6e6; i++) {
      visitors[i % 1e5] = { i, next: [i] };
      if (i % 1e4 > 0) continue;
      most = Math.max(most, v8.getHeapStatistics().used_heap_size);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
    console.log(living.length > 0 ? most : 0);`,
  );

it('young objects get no more space than they began with', () => {
  expect(youngSpaceBytes('keepHeapSmall();')).toBeLessThan(40e6);
  expect(youngSpaceBytes('void keepHeapSmall;')).toBeGreaterThan(60e6);
});

it('what is dead among the old ones is cleared away before it is much more than what lives', () => {
  const [small, left] = [mostBytes('keepHeapSmall();'), mostBytes('void keepHeapSmall;')];
  expect(small).toBeLessThan(0.7 * left);
});
