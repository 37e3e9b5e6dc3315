import { changeRole, migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it } from 'vitest';
import { ask, enter, startSquare } from './test-square.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

/** What OFREP answers; null: to nobody in particular. */
async function told(url: string, session: string | null, context: object): Promise<unknown> {
  const path = '/ofrep/v1/evaluate/flags/viewRadiusCells';
  return (await ask(url, 'POST', path, session ?? '', { context })).body.value;
}

it('a player gets what toggles say of whom the server knows them to be, whatever a browser claims', async () => {
  const url = await startSquare(databaseUrl, '--region', 'eu-west');
  const ann = await enter(url, 'Ann');
  await changeRole(database, { player: ann.player, role: 'owner', change: 'grant', actor: 'system:test', reason: '' });
  const bob = await enter(url, 'Bob');
  const definition = {
    variants: { staff: 7, guests: 0, bob: 6, phones: 5, here: 3, all: 4 },
    serve: 'all',
    targeting: [
      { cohort: ['staff'], serve: 'staff' },
      { players: [bob.player], serve: 'bob' },
      { cohort: ['guest'], region: ['eu-west'], serve: 'guests' },
      { platform: ['phone'], serve: 'phones' },
      { region: ['eu-west'], serve: 'here' },
    ],
  };
  const set = { definition, reason: 'a test' };
  expect(await ask(url, 'PUT', '/api/admin/toggles/viewRadiusCells', ann.session, set)).toMatchObject({ status: 200 });
  const cat = await enter(url, 'Cat');
  // Who has a role since is known by it from the next ticket on; a lamp stands in the next cell.
  const annAgain = await enter(url, 'Ann', ann.session);
  await expect.poll(() => [annAgain, bob, cat].map((one) => one.seesLamp())).toEqual([true, true, false]);

  expect(await told(url, ann.session, {})).toBe(7);
  expect(await told(url, bob.session, { cohort: 'staff', targetingKey: ann.player })).toBe(6);
  expect(await told(url, cat.session, { cohort: ['staff'], targetingKey: bob.player, region: 'us' })).toBe(0);
  // Without a session, or with one that is none: in no cohort, and what they say of their device is all there is.
  expect(await told(url, null, { cohort: ['staff', 'guest'], region: 'us' })).toBe(3);
  expect(await told(url, null, { platform: 'phone' })).toBe(5);
  expect(await told(url, 'x'.repeat(43), { cohort: ['staff'] })).toBe(3);
});
