import { randomUUID } from 'node:crypto';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { drainServer, readServers } from './plan-store.ts';

const { database } = await testDatabase();
await migrate(database, migrations);
const LEASE_MS = 600_000;

async function serverStarts(name: string): Promise<string> {
  const id = randomUUID();
  await database.query('SELECT grant_lease($1, $2, $3, $4, $5)', [name, id, '0.1.0', LEASE_MS, 100]);
  return id;
}

const drained = async (): Promise<string[]> =>
  (await readServers(database)).filter((each) => each.drained).map(({ server }) => server);
const leaves = async (server: string, id: string): Promise<number | undefined> =>
  (await database.query<{ others: number }>('SELECT leave_server($1, $2) AS others', [server, id]))[0]?.others;

it('[WO65] a server is drained until that is taken back, or it is started again; one that does not run is not', async () => {
  await serverStarts('alpha');
  await serverStarts('beta');
  expect(await drainServer(database, 'alpha', true)).toBe(true);
  expect(await drainServer(database, 'gone', true)).toBe(false);
  expect(await drained()).toEqual(['alpha']);
  expect(await drainServer(database, 'alpha', false)).toBe(true);
  expect(await drained()).toEqual([]);
  for (const server of ['alpha', 'beta']) await drainServer(database, server, true);
  await serverStarts('alpha');
  expect(await drained()).toEqual(['beta']);
});

it('[WO66] a server that is to end is drained, as long as it is that one, and hears how many may have its zones', async () => {
  const [alpha, beta] = [await serverStarts('alpha'), await serverStarts('beta')];
  expect(await leaves('alpha', alpha)).toBe(1);
  expect(await drained()).toEqual(['alpha']);
  expect(await leaves('beta', beta)).toBe(0);
  const again = await serverStarts('alpha');
  expect(await leaves('alpha', alpha)).toBe(0);
  expect(await drained()).toEqual(['beta']);
  expect(again).not.toBe(alpha);
});
