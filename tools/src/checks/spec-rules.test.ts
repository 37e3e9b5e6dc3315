import { describe, expect, it } from 'vitest';
import { plantRepo } from '../planted-repo.ts';
import { specRules } from './spec-rules.ts';

const spec = [
  '# Wire',
  '- [PR1] A head comes first, see [PR2].',
  '**[PR2]** Lengths are checked.',
  '| [PR10] | rows | too |',
];
const suite = [
  "import { describe, it } from 'vitest';",
  "describe('[PR1] heads', () => { it('comes first', () => {}); });",
  "it.each([1, 2])('[PR2] checks %i', () => {});",
  `it(\`[PR10] \${name} in rows\`, () => {});`,
];
const good = {
  'packages/protocol/SPEC.md': spec.join('\n'),
  'packages/protocol/src/wire.test.ts': suite.join('\n'),
};
const run = (planted: Record<string, string> = {}) => specRules.run(plantRepo({ ...good, ...planted }));

describe('rules of a SPEC', () => {
  it('is content when every rule has its test', () => {
    expect(run()).toEqual([]);
  });

  it('counts a suite that several tests share', () => {
    const { 'packages/protocol/src/wire.test.ts': _, ...rest } = good;
    const repo = plantRepo({ ...rest, 'packages/protocol/src/wire-contract.ts': suite.join('\n') });
    expect(specRules.run(repo)).toEqual([]);
  });

  it('finds a rule without a test', () => {
    expect(run({ 'packages/protocol/SPEC.md': [...spec, '[PR3] New.'].join('\n') })).toEqual([
      { where: 'packages/protocol/SPEC.md:5', what: 'no test carries [PR3] in its title' },
    ]);
  });

  it('does not take a comment or another string for a test', () => {
    const text = ["import 'vitest';", '// [PR3]', "const x = '[PR3]';", "log('[PR3]');"].join('\n');
    const planted = { 'packages/protocol/SPEC.md': [...spec, '[PR3] New.'].join('\n'), 'a.test.ts': text };
    expect(run(planted)).toHaveLength(1);
  });

  it('finds a number in a title, or in a SPEC, that is no rule', () => {
    const title = [...suite, "it('[SY9] is gone', () => {});"].join('\n');
    expect(run({ 'packages/protocol/src/wire.test.ts': title })).toEqual([
      { where: 'packages/protocol/src/wire.test.ts:5', what: '[SY9] is stated in no SPEC.md' },
    ]);
    expect(run({ 'packages/protocol/SPEC.md': [...spec, 'As [PR7] says.'].join('\n') })).toEqual([
      { where: 'packages/protocol/SPEC.md:5', what: '[PR7] is stated in no SPEC.md' },
    ]);
  });

  it('finds a rule stated twice', () => {
    expect(run({ 'packages/sync/SPEC.md': '- [PR1] Again.' })).toEqual([
      { where: 'packages/sync/SPEC.md:1', what: '[PR1] is already stated at packages/protocol/SPEC.md:2' },
    ]);
  });
});
