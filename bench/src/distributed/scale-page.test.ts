import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type DistributedResult, scalePage } from './scale-page.ts';

const folder = join(import.meta.dirname, '../../results');

function newest(): DistributedResult {
  const results = readdirSync(folder)
    .filter((name) => name.endsWith('-distributed.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as DistributedResult);
  return results.toSorted((a, b) => (a.date < b.date ? 1 : -1))[0] as DistributedResult;
}

it('what follows from the figures is on its page, which is as fresh as they are', async () => {
  const page = scalePage(newest());
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
  await expect(page).toMatchFileSnapshot('../../../docs/reference/scale.md');
});
