import { expect, it } from 'vitest';
import { signalTo } from './process-tree.ts';

it.each([-1, 0, 1, Number.NaN, 1.5])('no signal goes to %s: it would be for many processes, or all', (pid) => {
  expect(() => signalTo(pid, 'SIGCONT')).toThrow(RangeError);
});

it('a process that is gone already is none to worry about', () => {
  expect(() => signalTo(2 ** 31 - 1, 'SIGCONT')).not.toThrow();
});
