import { expect, it } from 'vitest';
import { Screen } from './screen.ts';

function screen(isTTY: boolean, columns = 80) {
  let written = '';
  return { on: new Screen({ isTTY, columns, write: (text) => (written += text) }), written: () => written };
}

it('keeps the table beneath what scrolls by', () => {
  const { on, written } = screen(true, 5);
  on.table(() => ['one', 'two and more']);
  on.line('said');
  on.table((columns) => [`for ${columns}`]);
  expect(written()).toBe('one\ntwo a\n\u001b[2A\u001b[Jsaid\none\ntwo a\n\u001b[2A\u001b[Jfor 5\n');
});

it('is plain lines where no terminal is', () => {
  const { on, written } = screen(false);
  on.table(() => ['one']);
  on.line('said');
  expect(written()).toBe('said\n');
});
