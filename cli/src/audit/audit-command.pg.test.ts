import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations, recordAct } from '@lifeverse/backend';
import { migrate, openDatabase, startEmbeddedServer } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it, onTestFinished } from 'vitest';
import { asked } from '../test-asked.ts';

const { database, url } = await testDatabase();
const run = (all: readonly (readonly string[])[], env: Record<string, string> = {}) =>
  asked(
    all.map((argv) => ['audit', ...argv]),
    env,
  );

const act = { actor: 'command', act: 'test', subject: 'x', reason: 'to see it' };

it('says that it holds, which row is not as it was, that a noted hash is gone, and its options', async () => {
  expect(await run([['verify', '--database-url', url]])).toEqual([
    { code: 1, out: '', err: 'lifeverse: This database has no audit: no world was ever kept in it.\n' },
  ]);
  await migrate(database, migrations);
  for (let n = 0; n < 3; n++) await database.transaction((sql) => recordAct(sql, act));
  const [last] = await database.query<{ hash: string }>(
    `SELECT encode(hash, 'hex') AS hash FROM audit ORDER BY number DESC LIMIT 1`,
  );
  const hash = last?.hash ?? '';
  const [holds, other, noted] = await run(
    [
      ['verify', '--json'],
      ['verify', '--expect', 'ab'.repeat(32)],
      ['verify', '--expect', hash],
    ],
    {
      DATABASE_URL: url,
    },
  );
  expect([holds?.code, JSON.parse(holds?.out ?? '')]).toEqual([0, { ok: true, rows: 3, hash }]);
  expect(other).toMatchObject({ code: 1, out: expect.stringContaining('written anew') });
  expect(noted).toMatchObject({ code: 0, out: expect.stringContaining(`The audit holds: 3 rows`) });
  await database.query('ALTER TABLE audit DISABLE TRIGGER ALL');
  await database.query(`UPDATE audit SET actor = 'nobody' WHERE number = 2`);
  const broken = ['verify', '--database-url', url];
  const [words, json, help] = await run([broken, [...broken, '--json'], ['--help']]);
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining('--database-url') });
  expect(words).toEqual({
    code: 1,
    out: 'The audit does not hold. Row 2 is not as it was written: a column was edited.\n',
    err: '',
  });
  expect([json?.code, JSON.parse(json?.out ?? '')]).toEqual([1, { ok: false, row: 2, fault: 'edited' }]);
});

it('looks into the data of a world that runs, and of one that does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = await startEmbeddedServer({ folder: join(folder, 'postgres') });
  const kept = openDatabase({ url: server.url });
  await migrate(kept, migrations);
  await kept.transaction((sql) => recordAct(sql, act));
  await kept.close();
  const [running] = await run([['verify', '--data', folder, '--json']]);
  await server.kill();
  const [stopped] = await run([['verify', '--data', folder, '--json']]);
  expect(JSON.parse(running?.out ?? '')).toMatchObject({ ok: true, rows: 1 });
  expect(stopped?.out).toBe(running?.out);
});
