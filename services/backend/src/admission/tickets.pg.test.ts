import { afterAll, expect, it } from 'vitest';
import { playerApp } from '../players/test-player-app.ts';
import { playersGround } from '../players/test-players.ts';

const ground = await playersGround();
const app = await playerApp(ground, {}, { worldCapacity: 1 });
afterAll(() => app.close());

function ask(body: object, headers: object = {}): Promise<Response> {
  return fetch(`${app.url}/api/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

it('answers who has to wait with a place, and nothing that lasts: no guest is made, no cookie is set', async () => {
  const first = await ask({ name: 'Ann' });
  expect([first.status, await first.json()]).toMatchObject([200, { name: 'Ann', ticket: expect.any(String) }]);
  const players = async () => (await ground.database.query<{ n: bigint }>('SELECT count(*) AS n FROM players'))[0]?.n;
  const before = await players();
  const second = await ask({ name: 'Bea' });
  expect(second.status).toBe(202);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(second.headers.get('set-cookie')).toBeNull();
  expect(second.headers.get('cache-control')).toBe('no-store');
  const waiting = (await second.json()) as Record<string, unknown>;
  expect(waiting).toEqual({
    code: 'waiting',
    place: expect.stringMatching(/^[\w-]{80,192}$/),
    position: 1,
    waiting: 1,
    estimateMs: { least: expect.any(Number), most: null },
    why: 'full',
    retryAfterMs: expect.any(Number),
  });
  expect(await players()).toBe(before);
});

it('refuses what is no place, by a code, and anything else that does not belong there', async () => {
  const forged = await ask({ place: 'A'.repeat(120) });
  expect([forged.status, ((await forged.json()) as { code: string }).code]).toEqual([400, 'place_invalid']);
  for (const body of [{ place: 1 }, { place: null }, { place: {} }, { place: 'A'.repeat(9_000) }, { position: 1 }]) {
    const answer = await ask(body);
    expect([400, 413]).toContain(answer.status);
    expect(JSON.stringify(await answer.json())).not.toContain('place_');
  }
  expect(app.logged()).not.toContain('AAAA');
});
