import { changeRole, migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it, onTestFinished } from 'vitest';
import { type Guest, TestTown } from './test-town.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

const DAY_MS = 86_400_000;
const instant = (inMs: number): string => new Date(Date.now() + inMs).toISOString().replace(/\.\d+Z$/, 'Z');
const marketDay = { name: 'market day', starts: instant(-DAY_MS), ends: instant(DAY_MS), announcement: 'Market day!' };
const fair = { ...marketDay, name: 'fair', starts: instant(DAY_MS), ends: instant(2 * DAY_MS) };

it('events of the town are staged, put into force, told to everyone while they are on, and reverted', async () => {
  const town = await TestTown.open(databaseUrl);
  onTestFinished(() => town.close());
  const guests = [await town.join('Ann'), await town.join('Bob')] as const;
  const [ann] = guests;
  const [row] = await database.query<{ player: string }>("SELECT player FROM characters WHERE name = 'Ann'");
  const player = row?.player ?? '';
  await changeRole(database, { player, role: 'owner', change: 'grant', actor: 'system:test', reason: 'a test' });
  const headers = { authorization: `Bearer ${ann.session()}`, 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    fetch(`${town.url}/api/admin/content/events/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, reason: 'a test' }),
    });
  const staged = async (body: unknown): Promise<number> => {
    const answer = await post('versions', { body });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { version: number }).version;
  };
  const notices = (all: readonly Guest[]): (string | undefined)[] => all.map(({ player }) => player.me?.notice);

  const wrong = await post('versions', { body: [{ ...marketDay, ends: marketDay.starts }] });
  expect([wrong.status, JSON.stringify(await wrong.json())]).toEqual([422, expect.stringContaining('/0/ends')]);
  const quiet = await staged([fair]);
  expect((await post('enforce', { version: quiet, basedOn: null })).status).toBe(200);
  const busy = await staged([fair, marketDay]);
  expect(notices(guests)).toEqual(['', '']);
  expect((await post('enforce', { version: busy })).status).toBe(200);
  await expect.poll(() => notices(guests), { timeout: 10_000 }).toEqual(['Market day!', 'Market day!']);
  // Who comes later as well, and whoever asks by HTTP.
  const cat = await town.join('Cat');
  await expect.poll(() => notices([cat])).toEqual(['Market day!']);
  const inForce = await (await fetch(`${town.url}/api/content/events`)).json();
  expect(inForce).toMatchObject({
    document: 'events',
    version: busy,
    body: [{ name: 'fair' }, { name: 'market day' }],
  });

  expect((await post('revert', { version: quiet })).status).toBe(200);
  await expect.poll(() => notices([...guests, cat]), { timeout: 10_000 }).toEqual(['', '', '']);
});
