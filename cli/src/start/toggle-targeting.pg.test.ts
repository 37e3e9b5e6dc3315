import { changeRole, migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it, onTestFinished } from 'vitest';
import { type Guest, TestTown } from './test-town.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

async function playerOf(name: string): Promise<string> {
  const rows = await database.query<{ player: string }>('SELECT player FROM characters WHERE name = $1', [name]);
  return rows[0]?.player ?? '';
}

it('a browser is told what the server knows of the caller, whatever it claims', async () => {
  const town = await TestTown.open(databaseUrl);
  onTestFinished(() => town.close());
  const [ann, bob] = [await town.join('Ann'), await town.join('Bob')] as const;
  const player = await playerOf('Ann');
  await changeRole(database, { player, role: 'owner', change: 'grant', actor: 'system:test', reason: 'a test' });
  const ask = async (guest: Guest | null, context: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const as = guest === null ? {} : { authorization: `Bearer ${guest.session()}` };
    const url = `${town.url}/ofrep/v1/evaluate/flags/worldCapacity`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...as },
      body: JSON.stringify({ context }),
    });
    return ((await answer.json()) as { value: unknown }).value;
  };
  const set = await fetch(`${town.url}/api/admin/toggles/worldCapacity`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ann.session()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      definition: {
        variants: { staff: 701, guests: 702, bob: 703, phones: 704, all: 700 },
        serve: 'all',
        targeting: [
          { cohort: ['staff'], serve: 'staff' },
          { players: [await playerOf('Bob')], serve: 'bob' },
          { cohort: ['guest'], serve: 'guests' },
          { platform: ['phone'], serve: 'phones' },
        ],
      },
      reason: 'a test',
    }),
  });
  expect(set.status).toBe(200);
  const cat = await town.join('Cat');
  const claim = { cohort: ['staff'], targetingKey: await playerOf('Bob') };
  expect(await ask(ann, {})).toBe(701);
  expect(await ask(bob, { cohort: 'staff', targetingKey: player })).toBe(703);
  expect(await ask(cat, claim)).toBe(702);
  // Without a session, or with one that is none: no cohort, and what they say of their device is all there is.
  expect(await ask(null, { cohort: ['staff', 'guest'] })).toBe(700);
  expect(await ask(null, { platform: 'phone' })).toBe(704);
  expect(await ask({ ...bob, session: () => 'x'.repeat(43) }, { cohort: ['staff'] })).toBe(700);
});
