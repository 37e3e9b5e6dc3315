import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('writes one JSON object a line, with role, time and level', () => {
  const lines: string[] = [];
  const log = createLog({ role: 'zone', level: 'info', stream: { write: (line) => lines.push(line) } });
  log.info({ tick: 7 }, 'a tick was skipped');
  log.debug('not at this level');
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] as string);
  expect(line).toMatchObject({ name: 'zone', level: 30, tick: 7, msg: 'a tick was skipped' });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});
