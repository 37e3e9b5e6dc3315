import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../results');

/** Of a scenario with a file of its own; null where there is none. */
export function newestResult<Result extends { readonly date: string }>(scenario: string): Result | null {
  const results = readdirSync(folder)
    .filter((name) => name.endsWith(`-${scenario}.json`))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result);
  return results.toSorted((a, b) => (a.date < b.date ? 1 : -1))[0] ?? null;
}
