import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantRepo } from '../planted-repo.ts';
import { readRepoFiles } from '../repo-files.ts';
import { sizes } from './sizes.ts';

const lines = (count: number, line = '// filler'): string => `${line}\n`.repeat(count);
/** A function body of so many lines in all, its head and its closing brace included. */
const long = (head: string, count: number): string => `${head} {\n${lines(count - 2)}}`;
const run = (files: Record<string, string | object>) =>
  sizes.run(plantRepo({ 'tools/size-ratchet.json': {}, ...files }));

describe('sizes', () => {
  it('is content at the limits', () => {
    expect(run({ 'a.ts': lines(500), 'b.ts': long('export function walk()', 70) })).toEqual([]);
  });

  it('finds a file past 500 lines', () => {
    expect(run({ 'a.ts': lines(501) })).toEqual([{ where: 'a.ts', what: 'a.ts has 501 lines, the limit is 500' }]);
  });

  it.each([
    ['function walk()', '#walk'],
    ['const walk = (): void =>', '#walk'],
    ['const walk = async function ()', '#walk'],
    ['class Zone { step()', '#Zone.step', ' }'],
    ['class Zone { #step = () =>', '#Zone.#step', ' }'],
    ['const rules = { wave: () =>', '#wave', ' }'],
    ['rules.wave = () =>', '#wave'],
    ['list.map(() =>', '#line 1', ')'],
    ["it('does', () =>", '#line 1', ')'],
  ])('finds a function past 70 lines: %s', (head, name, tail = '') => {
    expect(run({ 'a.ts': long(head, 71) + tail })).toEqual([
      { where: 'a.ts:1', what: `a.ts${name} has 71 lines, the limit is 70` },
    ]);
  });

  it('takes what holds tests for a chapter, and counts each test', () => {
    const chapter = (length: number) =>
      `export function suite() { describe('x', () => { for (const y of z) { ${long("it('does', () =>", length)}) } }) }`;
    expect(run({ 'a.test.ts': chapter(70) })).toEqual([]);
    expect(run({ 'a-contract.ts': `import 'vitest';\n${chapter(70)}` })).toEqual([]);
    expect(run({ 'a.test.ts': chapter(71) })).toEqual([
      { where: 'a.test.ts:1', what: 'a.test.ts#line 1 has 71 lines, the limit is 70' },
    ]);
    expect(run({ 'a.ts': chapter(71) })).not.toHaveLength(1);
  });

  it('lets what is listed be as long as it is, and no longer', () => {
    const ratchet = { 'a.ts': 600 };
    expect(run({ 'tools/size-ratchet.json': ratchet, 'a.ts': lines(600) })).toEqual([]);
    expect(run({ 'tools/size-ratchet.json': ratchet, 'a.ts': lines(601) })).toEqual([
      { where: 'a.ts', what: 'a.ts grew from 600 to 601 lines' },
    ]);
  });

  it('asks for the number to follow what shrank', () => {
    expect(run({ 'tools/size-ratchet.json': { 'a.ts': 600 }, 'a.ts': lines(599) })).toEqual([
      { where: 'tools/size-ratchet.json', what: 'write 599 for a.ts: it shrank' },
    ]);
    expect(run({ 'tools/size-ratchet.json': { 'a.ts': 600 } })).toEqual([
      { where: 'tools/size-ratchet.json', what: 'take a.ts out: it is short enough, or gone' },
    ]);
  });

  it('finds a number that was raised since it was first committed', () => {
    const { root } = plantRepo({ 'tools/size-ratchet.json': { 'a.ts': 600 }, 'a.ts': lines(620) });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: root });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(root, 'tools/size-ratchet.json'), '{"a.ts": 620}');
    const raised = [
      { where: 'tools/size-ratchet.json', what: 'a.ts was 600 once and is 620 now: the number only goes down' },
    ];
    expect(sizes.run(readRepoFiles(root))).toEqual(raised);
    git('commit', '-qam', 'raised');
    expect(sizes.run(readRepoFiles(root))).toEqual(raised);
  });

  it('wants the ratchet to exist', () => {
    expect(sizes.run(plantRepo({}))).toEqual([
      { where: 'tools/size-ratchet.json', what: 'is missing: {} when nothing is too long' },
    ]);
  });
});
