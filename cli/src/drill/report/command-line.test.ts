import { expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

it('is what one types to have the same again, and says nothing of where the report lay', () => {
  const line = 'lifeverse drill zone-crash --players 30 --seed 7';
  expect(commandLine('zone-crash', ['--players', '30', '--report', '/home/ann/x', '--seed', '7', '--json'])).toBe(line);
  expect(commandLine('zone-crash', ['--report=/home/ann/x', '--players', '30', '--seed', '7'])).toBe(line);
  expect(commandLine('overload', [])).toBe('lifeverse drill overload');
});
