import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, enter, type Person, startSquare } from './test-square.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);
const proxy = await TestProxy.start(databaseUrl);
afterAll(() => proxy.stop());

const WITHIN = { timeout: 10_000 };
const PASSWORD = 'correct horse battery';
let accounts = 0;

/** Two sessions of one player, by the first of which they are in the world. */
async function twice(url: string): Promise<{ player: Person; other: string }> {
  const credentials = { email: `square-${++accounts}@example.org`, password: PASSWORD };
  const first = (await ask(url, 'POST', '/api/accounts', '', credentials)).body.session;
  const other = (await ask(url, 'POST', '/api/sessions', '', credentials)).body.session;
  return { player: await enter(url, 'Ann', first), other };
}

async function sessionId(url: string, session: string): Promise<string> {
  const { sessions } = (await ask(url, 'GET', '/api/sessions', session)).body;
  return sessions.find(({ current }: { current: boolean }) => current).id;
}

async function staff(url: string): Promise<string> {
  const made = (await ask(url, 'POST', '/api/players', '', { name: 'Support' })).body;
  await database.query(`UPDATE players SET roles = '{game master}' WHERE id = $1`, [made.player]);
  return made.session;
}

describe('[GW21] ending one session', () => {
  it('closes the connection that came in by it, within a moment, whoever ends it', async () => {
    const url = await startSquare(databaseUrl);
    for (const way of ['log out', 'from elsewhere'] as const) {
      const { player, other } = await twice(url);
      const bystander = await enter(url, 'Bob');
      if (way === 'log out') await ask(url, 'DELETE', '/api/sessions/current', player.session);
      else await ask(url, 'DELETE', `/api/sessions/${await sessionId(url, player.session)}`, other);
      await expect.poll(() => player.troubles[0], WITHIN).toBe('session_unknown');
      expect([bystander.state(), bystander.troubles]).toEqual(['playing', []]);
    }
  });

  it('closes no other: neither that of another session, nor that of a session that has another token now', async () => {
    const url = await startSquare(databaseUrl);
    const { player, other } = await twice(url);
    expect((await ask(url, 'DELETE', '/api/sessions/current', other)).status).toBe(204);
    const change = { password: PASSWORD, newPassword: `${PASSWORD}!` };
    expect((await ask(url, 'PUT', '/api/password', player.session, change)).status).toBe(200);
    const witness = await enter(url, 'Witness');
    await ask(url, 'DELETE', '/api/sessions/current', witness.session);
    // Ended after the other and gone: the other was told before.
    await expect.poll(() => witness.troubles[0], WITHIN).toBe('session_unknown');
    expect([player.state(), player.troubles]).toEqual(['playing', []]);
  });

  it('is made up for when the database was away meanwhile', async () => {
    const url = await startSquare(proxy.url);
    const { player } = await twice(url);
    const muted = await enter(url, 'Cleo');
    const suspended = await enter(url, 'Dora');
    proxy.up = false;
    await database.query(`UPDATE sessions SET revoked_at = now() WHERE player = $1`, [player.player]);
    await database.query(`UPDATE players SET muted_until = now() + interval '1 day' WHERE id = $1`, [muted.player]);
    await database.query(`UPDATE players SET suspended_until = 'infinity' WHERE id = $1`, [suspended.player]);
    proxy.up = true;
    await expect.poll(() => player.troubles[0], { timeout: 20_000 }).toBe('session_unknown');
    await expect.poll(() => suspended.troubles[0], WITHIN).toBe('player_suspended');
    muted.say('nobody hears this');
    await expect.poll(() => muted.refused, WITHIN).toEqual(['muted']);
  });
});

describe('[WO41] a player who is muted', () => {
  it('is not heard at once, nor after they came back, until that is lifted; and is told until when', async () => {
    const url = await startSquare(databaseUrl);
    const support = await staff(url);
    const [loud, quiet] = [await enter(url, 'Loud'), await enter(url, 'Quiet')];
    const mute = (minutes: number) =>
      ask(url, 'POST', `/api/admin/players/${loud.player}/mute`, support, { minutes, reason: 'shouting' });
    loud.say('one');
    await expect.poll(() => quiet.heard, WITHIN).toEqual(['one']);
    await mute(10);
    await expect
      .poll(() => {
        loud.say('two');
        return loud.refused.includes('muted');
      }, WITHIN)
      .toBe(true);
    const { body } = await ask(url, 'GET', '/api/sessions/current', loud.session);
    expect(Date.parse(body.mutedUntil) - Date.now()).toBeLessThanOrEqual(600_000);
    const again = await enter(url, 'Loud', loud.session);
    again.say('three');
    await expect.poll(() => again.refused, WITHIN).toEqual(['muted']);
    await mute(0);
    await expect
      .poll(() => {
        again.say('four');
        return quiet.heard.includes('four');
      }, WITHIN)
      .toBe(true);
    expect(quiet.heard).not.toContain('three');
    expect((await ask(url, 'GET', '/api/sessions/current', loud.session)).body.mutedUntil).toBeNull();
  });
});
