import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { builtPage, givenPage } from './page-build.ts';

it('is built once, and again only when what it is made of has changed', async () => {
  const first = await builtPage(() => undefined);
  const said: string[] = [];
  expect([await builtPage((line) => said.push(line)), said]).toEqual([first, []]);
  expect(readFileSync(join(first, 'index.html'), 'utf8')).toContain('<script type="module"');
  writeFileSync(join(first, '.built-from'), 'something else');
  await builtPage((line) => said.push(line));
  expect(said).toEqual(['Building the page ...']);
});

it('lies there compressed too', async () => {
  const assets = join(await builtPage(() => undefined), 'assets');
  const script = readdirSync(assets).find((name) => /^index-.*\.js$/.test(name)) as string;
  const text = readFileSync(join(assets, script));
  expect(brotliDecompressSync(readFileSync(join(assets, `${script}.br`)))).toEqual(text);
  expect(gunzipSync(readFileSync(join(assets, `${script}.gz`)))).toEqual(text);
});

it('can be given, when it is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(() => givenPage(folder)).toThrow('there is no index.html in');
  writeFileSync(join(folder, 'index.html'), '');
  expect(existsSync(givenPage(folder))).toBe(true);
});
