import { randomUUID } from 'node:crypto';
import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';
import { asked } from '../test-asked.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const run = (...all: readonly (readonly string[])[]) =>
  asked(
    all.map((argv) => ['role', ...argv]),
    { DATABASE_URL: url },
  );

it('gives a player a role and takes it away, and says so in the audit', async () => {
  const player = randomUUID();
  await database.query(`INSERT INTO players (id, name) VALUES ($1, 'Ann')`, [player]);
  const options = ['--player', player, '--role', 'owner', '--reason', 'the first one'];
  const other = ['--player', player, '--role', 'support'];
  expect(
    await run(['grant', ...options], ['grant', ...other], ['revoke', ...other], ['revoke', ...options]),
  ).toMatchObject([
    { code: 0, out: 'The player is owner now.\n', err: '' },
    { out: 'The player is owner, support now.\n' },
    {},
    { code: 0, out: 'The player has no role now.\n' },
  ]);
  expect(await database.query('SELECT act, actor, subject, reason FROM audit ORDER BY number LIMIT 1')).toEqual([
    { act: 'role.grant', actor: 'command', subject: `player:${player}`, reason: 'the first one' },
  ]);
});

it('what was asked for wrongly is one sentence and exit code 1', async () => {
  const mistakes: readonly (readonly [argv: readonly string[], sentence: string | RegExp])[] = [
    [['dance'], 'role "dance" is no command; there are "grant" and "revoke".'],
    [['grant'], '--player is needed: the id of a player.'],
    [['grant', '--player', "' OR true --"], '--player: There is no such player.'],
    [
      ['grant', '--player', 'x', '--role', 'emperor'],
      /^lifeverse: --role must be one of viewer, .*owner, not "emperor"\.\n$/,
    ],
  ];
  expect(await run(...mistakes.map(([argv]) => argv))).toEqual(
    mistakes.map(([, sentence]) => {
      const err = typeof sentence === 'string' ? `lifeverse: ${sentence}\n` : expect.stringMatching(sentence);
      return { code: 1, out: '', err };
    }),
  );
});
