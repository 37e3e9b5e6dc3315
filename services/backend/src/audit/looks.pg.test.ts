import { ManualClock } from '@lifeverse/base';
import { type Database, migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { type Look, Looks } from './looks.ts';
import { verifyAudit } from './verify-audit.ts';

const { database } = await testDatabase();
await migrate(database, migrations);

const look: Look = { actor: 'player:a', view: 'player.see', subject: 'player:b', detail: { addresses: true } };
const lines = async (): Promise<number> => (await database.query('SELECT number FROM audit')).length;

it('is one line a minute of the same at the same, however often and how many at once', async () => {
  const clock = new ManualClock();
  const looks = new Looks(database, clock);
  await Promise.all([looks.note(look), looks.note(look)]);
  clock.advanceTo(59_999);
  await looks.note(look);
  expect(await lines()).toBe(1);
  for (const other of [
    { actor: 'player:c' },
    { view: 'journal.see' },
    { subject: 'player:c' },
    { detail: {} },
  ] as const)
    await looks.note({ ...look, ...other });
  expect(await lines()).toBe(5);
  clock.advanceTo(60_000);
  await looks.note(look);
  expect(await lines()).toBe(6);
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});

it('that could not be written down is refused, and written with the next', async () => {
  let gone = true;
  const failing: Database = {
    ...database,
    transaction: (work) => (gone ? Promise.reject(new Error('gone')) : database.transaction(work)),
  };
  const looks = new Looks(failing, new ManualClock());
  const before = await lines();
  await expect(looks.note(look)).rejects.toThrow('gone');
  gone = false;
  await looks.note(look);
  expect(await lines()).toBe(before + 1);
});
