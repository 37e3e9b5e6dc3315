import { changeRole, migrations } from '@lifeverse/backend';
import type { Waiting } from '@lifeverse/client';
import { migrate, vocabulary } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { expect, it, onTestFinished } from 'vitest';
import { TestTown } from './test-town.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

/** Of one role, by name and label: `room_refused_total code=place_invalid`. */
async function figures(town: TestTown): Promise<Map<string, number>> {
  const page = await (await fetch(`${town.url}/metrics`)).text();
  const rows = page.matchAll(/^lifeverse_(\w+)\{instance="[^"]+"(?:,(code|kind)="([^"]+)")?\} (\S+)$/gm);
  return new Map(
    [...rows].map(([, name, label, of, value]) => [label ? `${name} ${label}=${of}` : `${name}`, Number(value)]),
  );
}

it('the waiting room, the desk and the journal are on /metrics of the whole server, and nothing that is unknown', async () => {
  const town = await TestTown.open(databaseUrl);
  onTestFinished(() => town.close());
  const ann = await town.join('Ann');
  const bob = await town.join('Bob');
  const to = { to: bob.player.me?.id as never, items: [] };
  expect(await ann.player.give({ ...to, money: 5 })).toMatchObject({ ok: false, code: 'out_of_reach' });
  expect(await ann.player.drop({ item: 4_711 })).toMatchObject({ ok: false });

  const [owner] = await database.query<{ player: string }>("SELECT player FROM characters WHERE name = 'Ann'");
  const player = owner?.player ?? '';
  await changeRole(database, { player, role: 'owner', change: 'grant', actor: 'system:test', reason: 'a test' });
  const headers = { authorization: `Bearer ${ann.session()}`, 'content-type': 'application/json' };
  const definition = { variants: { full: 2 }, serve: 'full' };
  const full = await fetch(`${town.url}/api/admin/toggles/worldCapacity`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ definition, reason: 'a test' }),
  });
  expect(full.status).toBe(200);
  const waits: Waiting[] = [];
  const cat = town.come('Cat', '', waits);
  cat.catch(() => undefined);
  await expect.poll(() => waits.at(-1)?.why).toBe('full');
  const refused = await fetch(`${town.url}/api/tickets`, { method: 'POST', headers, body: '{"place":"none"}' });
  expect(await refused.json()).toMatchObject({ code: 'place_invalid' });

  // Reported once a second.
  const seen = async (): Promise<object> => {
    const now = await figures(town);
    const of = (name: string): number | undefined => now.get(`backend_${name}`);
    return {
      letIn: of('room_let_in_total'),
      refused: of('room_refused_total code=place_invalid'),
      waiting: of('room_waiting'),
      seats: [of('room_seats_taken'), of('room_seats'), of('room_open')],
      loads: of('desk_requests_total kind=load'),
      open: of('desk_open'),
      // Two purses filled, and what the stalls were supplied with.
      committed: (of('journal_committed_total') ?? 0) > 2,
      batches: (of('journal_batch_requests_count') ?? 0) > 0 && of('journal_commit_seconds_count') !== undefined,
      answers: (of('desk_answer_seconds_count') ?? 0) > 2,
      troubles: [of('journal_stale_total'), of('journal_unreachable_total'), of('journal_down')],
      estimate: of('room_estimate_seconds') !== undefined,
    };
  };
  await expect.poll(seen, { timeout: 10_000 }).toMatchObject({
    letIn: 2,
    refused: 1,
    waiting: 1,
    seats: [2, 2, 1],
    loads: 2,
    open: 0,
    committed: true,
    batches: true,
    answers: true,
    troubles: [0, 0, 0],
    estimate: true,
  });
  const page = await (await fetch(`${town.url}/metrics`)).text();
  expect(page).toMatch(/^lifeverse_telemetry_unknown_total 0$/m);
  for (const { name, role, label } of vocabulary)
    if (role === 'backend' && label === null) expect(page).toContain(`# TYPE ${name} `);
});
