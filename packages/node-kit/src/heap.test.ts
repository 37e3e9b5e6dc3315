import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** What a script prints, and the process about itself, that begins with `first`. */
function said(first: string, script: string, ...flags: readonly string[]): string {
  const whole = `
    import * as v8 from 'node:v8';
    import { keepHeapSmall } from ${JSON.stringify(import.meta.resolve('./heap.ts'))};
    ${first}
    ${script}`;
  const given = [...flags, '--input-type=module-typescript', '-e', whole];
  return execFileSync(process.execPath, given, { encoding: 'utf8', maxBuffer: 1e9 });
}

/** Bytes set aside for young objects after many of them have outlived several collections. */
const youngSpaceBytes = (first: string): number =>
  Number(
    said(
      first,
      `const kept = [];
    for (let i = 0; i < 2e6; i++) {
      kept[i % 4e5] = { i, next: [i] };
    }
    console.log(v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`,
    ),
  );

/**
 * At how many MB the first full collection begins, while as much is alive all the time, and who comes and goes outlives several
 * small ones; infinite when none does. When it ends depends on what else the machine has to do. With pauses, as a server has them: what
 * allocates all the time is collected sooner by itself.
 */
function firstFullAtMb(first: string): number {
  const trace = said(
    first,
    `const living = Array.from({ length: 2e5 }, (_, i) => ({ i, next: [i] }));
    const visitors = [];
    for (let i = 0; i < 1.6e6; i++) {
      visitors[i % 1e5] = { i, next: [i] };
      if (i % 1e4 === 0) await new Promise((resolve) => setTimeout(resolve, 8));
    }
    console.log(living.length);`,
    '--trace-incremental-marking',
  );
  return Number(/\] Start \(.* v8: (\d+)MB/.exec(trace)?.[1] ?? Number.POSITIVE_INFINITY);
}

it('young objects get no more space than they began with', () => {
  expect(youngSpaceBytes('keepHeapSmall();')).toBeLessThan(40e6);
  expect(youngSpaceBytes('void keepHeapSmall;')).toBeGreaterThan(60e6);
});

it('what is dead among the old ones is cleared away before it is much more than what lives', () => {
  const [small, left] = [firstFullAtMb('keepHeapSmall();'), firstFullAtMb('void keepHeapSmall;')];
  expect(small).toBeLessThan(0.7 * left);
  expect(small).toBeLessThan(130);
});
