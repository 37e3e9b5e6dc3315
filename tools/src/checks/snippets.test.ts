import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { plantRepo } from '../planted-repo.ts';
import { snippets } from './snippets.ts';

const block = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, '```', ''].join('\n');
const tsconfig = {
  compilerOptions: { target: 'es2024', module: 'nodenext', strict: true, types: [], lib: ['es2024', 'dom'] },
};
const run = async (readme: string, more: Record<string, string> = {}): Promise<readonly Finding[]> =>
  snippets.run(plantRepo({ 'tsconfig.json': tsconfig, 'README.md': readme, ...more }));

describe('snippets', () => {
  it('is content when marked code runs and prints what the document says', async () => {
    const readme = [
      block('ts run', '// meadow/index.ts', "export const meadow: string = 'green';"),
      block('ts run', "import { meadow } from './meadow/index.ts';", 'console.log(meadow);'),
      block('output', 'green'),
      block('ts', 'throw new Error("a sketch, not marked");'),
    ].join('\n');
    expect(await run(readme)).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const repo = plantRepo({ 'docs/a.md': block('ts run', 'console.log(1);') });
    expect(await snippets.run(repo)).toEqual([]);
    expect(existsSync(join(repo.root, 'test-output'))).toBe(true);
    expect(readdirSync(join(repo.root, 'test-output'))).toEqual([]);
  });

  it('finds code that throws', async () => {
    const found = await run(`# A\n${block('ts run', "throw new RangeError('too far');")}`);
    expect(found).toEqual([{ where: 'README.md:2', what: 'ended with exit code 1: RangeError: too far' }]);
  });

  it('finds an exit code', async () => {
    const found = await run('', {
      'docs/a.md': block('ts run', "console.log('gone');", '(globalThis as any).process.exit(3);'),
    });
    expect(found).toEqual([{ where: 'docs/a.md:1', what: 'ended with exit code 3: gone' }]);
  });

  it('finds output that differs', async () => {
    expect(await run(block('ts run', 'console.log(1);') + block('output', '2'))).toEqual([
      { where: 'README.md:1', what: "printed '1', the document says '2'" },
    ]);
  });

  it('does not compare with an output block that stands elsewhere', async () => {
    expect(await run(`${block('ts run', 'console.log(1);')}\nText.\n${block('output', '2')}`)).toEqual([]);
  });

  it('finds a wrong type in code that runs', async () => {
    expect(await run(block('ts run', "const n: number = 'one';", 'console.log(n);'))).toEqual([
      { where: 'README.md:1', what: expect.stringMatching(/^type error in its line 1: TS2322/) },
    ]);
  });

  it('finds an import that is not there', async () => {
    const found = await run(block('ts run', "import './gone.ts';"));
    expect(found.map(({ what }) => what)).toContainEqual(expect.stringContaining('ERR_MODULE_NOT_FOUND'));
  });
});
