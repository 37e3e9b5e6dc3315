import { describe, expect, it } from 'vitest';
import { plantRepo } from '../planted-repo.ts';
import { documents } from './documents.ts';

const head = 'Owner: tools · Version: 1.0 · Date: 2026-11-20 · Status: current';
const page = (...lines: string[]): string => ['# Title', '', head, '', ...lines].join('\n');
const good = {
  'README.md': page(
    '[style](docs/STYLE.md#a-heading-of-2-words) [folder](docs) [out](https://example.org) `[no](link)`',
    '<img src="a.png">',
  ),
  'CONTRIBUTING.md': page('[up](#below)', '## Below', '```', '[not](a-link)', '```'),
  'CHANGELOG.md': '# Changelog',
  'docs/STYLE.md': page('## A *heading* of `2` words!', '[back](../README.md)', '[ref]: ../README.md'),
  'docs/DEPENDENCIES.md': page(),
  'a.png': 'binary',
};
const run = (planted: Record<string, string>) => documents.run(plantRepo({ ...good, ...planted }));

describe('documents', () => {
  it('is content when each has its head line and every link leads somewhere', () => {
    expect(run({})).toEqual([]);
  });

  it.each([
    ['no head line', '# Title\n\nText.', 'docs/a.md', 'has no head line below its title'],
    ['a field missing', '# Title\nOwner: x · Version: 1.0 · Status: current', 'docs/a.md:2', 'write its head line as'],
    ['an empty owner', `# Title\n${head.replace('tools', '')}`, 'docs/a.md:2', 'write its head line as'],
    ['a version of words', `# Title\n${head.replace('1.0', 'new')}`, 'docs/a.md:2', "Version 'new'"],
    ['a day that never was', `# Title\n${head.replace('11-20', '02-30')}`, 'docs/a.md:2', "Date '2026-02-30'"],
    ['an unknown status', `# Title\n${head.replace('current', 'ok')}`, 'docs/a.md:2', "Status 'ok'"],
    ['a dead link', page('[a](gone.md)'), 'docs/a.md:5', 'the link to gone.md leads nowhere'],
    ['a dead reference', page('[a]: ./gone.md'), 'docs/a.md:5', 'the link to ./gone.md leads nowhere'],
    ['a dead picture', page('<img src="gone.svg">'), 'docs/a.md:5', 'the link to gone.svg leads nowhere'],
    ['a link out of the repository', page('[a](../../etc)'), 'docs/a.md:5', 'leads nowhere'],
    ['a heading that is not there', page('[a](STYLE.md#gone)'), 'docs/a.md:5', 'docs/STYLE.md has no heading #gone'],
  ])('finds %s', (_, text, where, what) => {
    expect(run({ 'docs/a.md': text })).toEqual([{ where, what: expect.stringContaining(what) }]);
  });

  it('reads the links of every document, and wants the head line of guides only', () => {
    expect(run({ 'CHANGELOG.md': '[a](gone.md)', 'packages/sync/SPEC.md': '[a](../gone.md)' })).toEqual([
      { where: 'CHANGELOG.md:1', what: 'the link to gone.md leads nowhere' },
      { where: 'packages/sync/SPEC.md:1', what: 'the link to ../gone.md leads nowhere' },
    ]);
  });

  it('finds a guide that is missing', () => {
    const { 'README.md': _, 'docs/STYLE.md': __, ...rest } = good;
    expect(documents.run(plantRepo(rest))).toContainEqual({ where: 'README.md', what: 'is missing' });
  });
});
