import { migrate, migrationStatus } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';
import { migrations } from './migrations.ts';

it('make the schema in an empty database, and find it made', async () => {
  const { database } = await testDatabase();
  expect(await migrate(database, migrations)).toHaveLength(migrations.length);
  expect(await migrate(database, migrations)).toEqual([]);
  expect((await migrationStatus(database, migrations)).every(({ appliedAt }) => appliedAt !== null)).toBe(true);
});
