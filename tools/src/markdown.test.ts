import { expect, it } from 'vitest';
import { fencedBlocks, markdownRows, proseLines } from './markdown.ts';

const text = ['# A', '```ts run', 'a();', '```', 'see `[x](y)` and [z](w)', '~~~', '```', '~~~', '| `a` | why |'].join(
  '\n',
);

it('finds fenced blocks with their info, text and lines', () => {
  expect(fencedBlocks(text)).toEqual([
    { info: ['ts', 'run'], text: 'a();\n', line: 2, endLine: 5 },
    { info: [], text: '```\n', line: 6, endLine: 9 },
  ]);
});

it('takes an unclosed block to the end of the document', () => {
  expect(fencedBlocks('```sh\na\nb')).toEqual([{ info: ['sh'], text: 'a\nb\n', line: 1, endLine: 5 }]);
});

it('leaves prose only, with its lines where they were', () => {
  expect(proseLines(text)).toEqual(['# A', '', '', '', 'see  and [z](w)', '', '', '', '|  | why |']);
});

it('reads the rows of tables', () => {
  expect(markdownRows(text)).toEqual([{ line: 9, cells: ['`a`', 'why'] }]);
});
