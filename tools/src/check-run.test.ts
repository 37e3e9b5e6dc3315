import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportLines, runChecks } from './check-run.ts';
import { checks } from './checks/index.ts';
import { plantRepo } from './planted-repo.ts';

const fine = { name: 'fine', run: () => [] };
const sharp = { name: 'sharp', run: async () => [{ where: 'a.ts:1', what: 'is wrong' }] };
const broken = {
  name: 'broken',
  run: () => {
    throw new Error('no such thing');
  },
};

it('reports each check in a line and its findings below', async () => {
  const results = await runChecks([fine, sharp, broken], plantRepo({}));
  expect(reportLines(results.map((result) => ({ ...result, ms: 1234 })))).toEqual([
    'fine                    ok            1.2 s',
    'sharp                   1 finding     1.2 s',
    '  a.ts:1  is wrong',
    'broken                  1 finding     1.2 s',
    '  broken  the check failed: no such thing',
  ]);
});

it('leaves no check out, and each has its test', () => {
  const files = readdirSync(join(import.meta.dirname, 'checks'));
  for (const { name } of checks) expect(files).toEqual(expect.arrayContaining([`${name}.ts`, `${name}.test.ts`]));
  expect(checks).toHaveLength(files.filter((file) => /^(?!index)[a-z-]+\.ts$/.test(file)).length);
});
