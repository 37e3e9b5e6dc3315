import { ConfigurationError, createLog } from '@lifeverse/node-kit';
import { expect, it } from 'vitest';
import { turned } from './turned.ts';

const lines: string[] = [];
const log = createLog({ role: 'test', level: 'info', stream: { write: (line) => lines.push(line) } });

it('a role answers as what it stands now', async () => {
  expect(await turned({ kind: 'drain' }, async (isDrained) => isDrained, log)).toEqual({
    kind: 'drains',
    drains: true,
  });
  expect(await turned({ kind: 'drain' }, async () => false, log)).toEqual({ kind: 'drains', drains: false });
  expect(await turned({ kind: 'resume' }, async (isDrained) => isDrained, log)).toEqual({
    ...{ kind: 'drains', drains: false },
  });
  expect(lines).toEqual([]);
});

it('one that cannot turn runs on as before, and its log says why', async () => {
  const fail = () => Promise.reject(new ConfigurationError('Port 8080 is taken by another program.'));
  expect(await turned({ kind: 'resume' }, fail, log)).toEqual({ kind: 'drains', drains: true });
  expect(await turned({ kind: 'drain' }, fail, log)).toEqual({ kind: 'drains', drains: false });
  expect(lines.map((line) => line.includes('Port 8080 is taken'))).toEqual([true, true]);
});
