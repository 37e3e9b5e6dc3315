import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chromiumNeeds, ensureChromium } from './chromium.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function ensure(more: { install?: string[][]; mayInstall?: boolean; present?: boolean }) {
  const path = join(emptyFolder(), 'chromium');
  if (more.present) writeFileSync(path, '');
  const said: string[] = [];
  const install = (more.install ?? []).map((words) => words.map((word) => word.replace('PATH', path)));
  const answer = await ensureChromium({ path, install, mayInstall: more.mayInstall ?? true }, (line) =>
    said.push(line),
  );
  return { answer: answer?.replace(path, 'PATH') ?? null, said: said.map((line) => line.replaceAll(path, 'PATH')) };
}

it('is silent where Chromium is there', async () => {
  expect(await ensure({ present: true, install: [['false']] })).toEqual({ answer: null, said: [] });
});

it('installs it with one line where it may', async () => {
  expect(await ensure({ install: [['true'], ['touch', 'PATH']] })).toEqual({
    answer: null,
    said: ['Chromium is missing: installing it (true && touch PATH)'],
  });
});

it('names the command where it may not install', async () => {
  expect(await ensure({ install: [['a', 'b'], ['c']], mayInstall: false })).toEqual({
    answer: 'The browser tests need Chromium at PATH: as root, run a b && c',
    said: [],
  });
});

it('says what failed', async () => {
  const { answer } = await ensure({ install: [['sh', '-c', 'echo no network >&2; exit 100']] });
  expect(answer).toMatch(/^Chromium could not be installed \(no network\): /);
  expect((await ensure({ install: [['true']] })).answer).toBe(
    'Chromium was installed and is not at PATH: put it there',
  );
});

it("asks for Debian's package", () => {
  expect(chromiumNeeds()).toMatchObject({
    path: '/usr/bin/chromium',
    install: [['apt-get', 'update'], expect.anything()],
  });
});
