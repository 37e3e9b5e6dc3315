import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));

async function run(...args: string[]) {
  const child = spawn(process.execPath, [command, 'role', ...args], {
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, out, err };
}

it('gives a player a role and takes it away, and says so in the audit', async () => {
  const player = randomUUID();
  await database.query(`INSERT INTO players (id, name) VALUES ($1, 'Ann')`, [player]);
  const options = ['--player', player, '--role', 'owner', '--reason', 'the first one'];
  expect(await run('grant', ...options)).toEqual({ code: 0, out: 'The player is owner now.\n', err: '' });
  expect(await run('grant', '--player', player, '--role', 'support')).toMatchObject({
    out: 'The player is owner, support now.\n',
  });
  await run('revoke', '--player', player, '--role', 'support');
  expect(await run('revoke', ...options)).toMatchObject({ code: 0, out: 'The player has no role now.\n' });
  expect(await database.query('SELECT act, actor, subject, reason FROM audit ORDER BY number LIMIT 1')).toEqual([
    { act: 'role.grant', actor: 'command', subject: `player:${player}`, reason: 'the first one' },
  ]);
});

it.each([
  [['dance'], 'role "dance" is no command; there are "grant" and "revoke".'],
  [['grant'], '--player is needed: the id of a player.'],
  [['grant', '--player', "' OR true --"], '--player: There is no such player.'],
  [
    ['grant', '--player', 'x', '--role', 'emperor'],
    /^lifeverse: --role must be one of viewer, .*owner, not "emperor"\.\n$/,
  ],
])('%j is one sentence and exit code 1', async (args, sentence) => {
  const err = typeof sentence === 'string' ? `lifeverse: ${sentence}\n` : expect.stringMatching(sentence);
  expect(await run(...args)).toEqual({ code: 1, out: '', err });
});
