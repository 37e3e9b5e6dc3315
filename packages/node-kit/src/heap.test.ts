import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Bytes set aside for young objects after many of them have outlived several collections. */
function youngSpaceBytes(first: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungSpaceSmall } from ${JSON.stringify(import.meta.resolve('./heap.ts'))};
    ${first}
    const kept = [];
    for (let i = 0; i < 2e6; i++) {
      kept[i % 4e5] = { i, next: [i] };
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`;
  return Number(execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script]));
}

it('young objects get no more space than they began with', () => {
  expect(youngSpaceBytes('keepYoungSpaceSmall();')).toBeLessThan(40e6);
  expect(youngSpaceBytes('void keepYoungSpaceSmall;')).toBeGreaterThan(60e6);
});
