import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { debianInstalling, ensurePrograms, type Program, programs } from './debian-programs.ts';

/** Two programs in an empty folder; `PATH` stands for it. */
async function ensure(more: { commands?: string[][]; may?: boolean; present?: readonly ('one' | 'other')[] }) {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const needed: Program[] = ['one', 'other'].map((name) => ({
    name,
    path: join(folder, name),
    debianPackage: `the-${name}`,
  }));
  for (const name of more.present ?? []) writeFileSync(join(folder, name), '');
  const said: string[] = [];
  const commands = (more.commands ?? []).map((words) => words.map((word) => word.replace('PATH', folder)));
  const answer = await ensurePrograms(needed, { commands, may: more.may ?? true }, (line) => said.push(line));
  const plain = (text: string): string => text.replaceAll(folder, 'PATH');
  return { answer: answer === null ? null : plain(answer), said: said.map(plain) };
}

it('is silent where all is there', async () => {
  expect(await ensure({ present: ['one', 'other'], commands: [['false']] })).toEqual({ answer: null, said: [] });
});

it('installs what is missing with one line where it may', async () => {
  const commands = [
    ['touch', 'PATH/other'],
    ['true', 'PACKAGES'],
  ];
  expect(await ensure({ present: ['one'], commands })).toEqual({
    answer: null,
    said: ['other is missing: installing (touch PATH/other && true the-other)'],
  });
});

it('names the command where it may not install', async () => {
  expect(
    await ensure({
      commands: [
        ['a', 'b'],
        ['c', 'PACKAGES'],
      ],
      may: false,
    }),
  ).toEqual({
    answer: 'The tests need one at PATH/one and other at PATH/other: as root, run a b && c the-one the-other',
    said: [],
  });
});

it('says what failed', async () => {
  const { answer } = await ensure({ commands: [['sh', '-c', 'echo no network >&2; exit 100']] });
  expect(answer).toMatch(/^one and other could not be installed \(no network\): /);
  expect((await ensure({ present: ['one'], commands: [['true']] })).answer).toBe(
    'The packages are installed, and there is no other at PATH/other: put it there',
  );
});

it("asks for Debian's packages", () => {
  expect(programs.map(({ debianPackage }) => debianPackage)).toEqual(['chromium', 'nats-server']);
  expect(debianInstalling().commands[0]).toEqual(['apt-get', 'update']);
});
