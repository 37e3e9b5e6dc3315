import { once } from 'node:events';
import { afterAll, afterEach, expect, it } from 'vitest';
import { DatabaseUnreachable, openDatabase } from './database.ts';
import { TestOutage } from './test-outage.ts';

const outage = await TestOutage.start();
afterEach(() => outage.giveBack());
afterAll(() => outage.stop());

it('a server that is silent cannot be reached; it can once it speaks again, and nothing hangs on what was asked', async () => {
  const database = openDatabase({ url: outage.url, maxConnections: 2, answerMs: 300 });
  await Promise.all([database.query('SELECT 1'), database.query('SELECT 1')]);
  await outage.take('frozen');
  const asked = ['SELECT 1', 'SELECT 2', 'SELECT 3'].map((text) => database.query(text));
  for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[])
    expect(reason).toBeInstanceOf(DatabaseUnreachable);
  await expect(database.transaction((sql) => sql.query('SELECT 1'))).rejects.toBeInstanceOf(DatabaseUnreachable);
  await expect(database.connection()).rejects.toBeInstanceOf(DatabaseUnreachable);
  await outage.giveBack();
  expect(await database.query('SELECT 4 AS four')).toEqual([{ four: 4 }]);
  await database.close();
});

it('a server that is silent is left, and keeps no connection open', async () => {
  const database = openDatabase({ url: outage.url, maxConnections: 2, answerMs: 300 });
  const { client, release } = await database.connection();
  await database.query('SELECT 1');
  release();
  await outage.take('frozen');
  const ended = once(client, 'end');
  await database.close();
  await ended;
});
