import { migrations } from '@lifeverse/backend';
import { connect } from '@lifeverse/client';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { catalogue, encodeClientMessage, OLDEST_VERSION, PROTOCOL_VERSION } from '@lifeverse/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as town from './test-town.ts';
import { at, dataFolders, enter, kept, keptAt, Lives, metres, walk, world } from './test-world.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);
const proxy = await TestProxy.start(databaseUrl);
afterAll(() => proxy.stop());

/** Longer than what is kept may be old. */
const OUTAGE_M = 36;

const server = new Lives(dataFolders()(), '--database-url', proxy.url);

const ticketFor = (url: string, name: string): Promise<Response> =>
  fetch(`${url}/api/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });

/** With which code the gateway closes on who comes with this ticket. */
function closedWith(url: string, ticket: string): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    const versions = { newest: PROTOCOL_VERSION, oldest: OLDEST_VERSION };
    const hello = encodeClientMessage({ type: 'hello', ticket, layout: world.fingerprint, ...versions });
    socket.send(hello as Uint8Array<ArrayBuffer>);
  };
  return new Promise((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
  });
}

describe('[WO21] while the database is gone', () => {
  it('who plays, plays on; who joins is told why and comes in by themselves; what was walked meanwhile is kept', async () => {
    const url = await server.url();
    const ann = await enter(url);
    await keptAt(url, ann.session, () => at(ann.player));
    const { ticket } = (await (await ticketFor(url, 'Cleo')).json()) as { ticket: string };
    proxy.up = false;
    onTestFinished(() => {
      proxy.up = true;
    });
    let lost = 0;
    ann.player.on('state', (state) => {
      if (state !== 'playing') lost++;
    });
    expect(await closedWith(url, ticket)).toBe(catalogue.character_unreachable.close);
    const told = await ticketFor(url, 'Dora');
    expect([told.status, Number(told.headers.get('retry-after')) > 0]).toEqual([202, true]);
    expect(await told.json()).toMatchObject({ code: 'waiting', why: 'unreachable' });
    let came = false;
    const bea = connect(world, url, { name: 'Bea' }).then((player) => {
      came = true;
      return player;
    });
    await walk(ann.player, Math.PI / 2, OUTAGE_M);
    expect([ann.player.state, lost, came]).toEqual(['playing', 0, false]);
    proxy.up = true;
    (await bea).close();
    ann.player.send.walk({ towards: 0, pace: 'stand' });
    await keptAt(url, ann.session, () => at(ann.player));
    expect(await kept(url, ann.session)).toMatchObject({ state: 'online', frozen: false });
    expect(lost).toBe(0);
  });
});

describe('[WO22] a player whose character could not be saved', () => {
  it('is told so and put out, and comes back by themselves to where it was saved, once that is lifted', async () => {
    const url = await server.url();
    const ann = await enter(url);
    const troubles = new Set<string>();
    ann.player.on('trouble', ({ code }) => troubles.add(code));
    const saved = await keptAt(url, ann.session, () => at(ann.player));
    await database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'not this one'; END $$`);
    await database.query('CREATE TRIGGER refuse BEFORE UPDATE ON checkpoints FOR EACH ROW EXECUTE FUNCTION refuse()');
    await walk(ann.player, Math.PI / 2, 6);
    await expect.poll(() => ann.player.state, { timeout: 20_000 }).toBe('reconnecting');
    expect([...troubles]).toEqual(['character_frozen']);
    await expect.poll(async () => (await kept(url, ann.session)).frozen).toBe(true);
    const again = await fetch(`${url}/api/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: ann.session }),
    });
    expect(await again.json()).toMatchObject({ code: 'character_frozen' });
    await database.query('DROP TRIGGER refuse ON checkpoints');
    await database.query('UPDATE characters SET frozen_why = NULL, frozen_at = NULL');
    await expect.poll(() => ann.player.state, { timeout: 40_000 }).toBe('playing');
    await expect.poll(() => metres(at(ann.player), saved), { timeout: 20_000 }).toBeLessThan(0.1);
  });
});

describe('[WO22] a player of whom nobody knows whether they were saved', () => {
  // The zone is another server's from here on.
  beforeAll(() => server.stop());

  /** In a town that walks on until the answer to a save has been lost. */
  async function unsure(saveMs: number): Promise<town.Guest> {
    const server = await town.TestTown.open(proxy.url, { saveMs });
    onTestFinished(async () => {
      Object.assign(proxy, { up: true, loseCommits: false, commitsOf: '' });
      await server.close();
    });
    const ann = await server.join('Ann');
    const before = proxy.lost;
    Object.assign(proxy, { loseCommits: true, commitsOf: 'INTO checkpoints' });
    ann.player.send.walk({ towards: 0, pace: 'walk' });
    await expect.poll(() => proxy.lost, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before);
    ann.player.send.walk({ towards: 0, pace: 'stand' });
    return ann;
  }
  const playable = async (): Promise<boolean> =>
    (await database.query('SELECT FROM characters WHERE frozen_at IS NOT NULL')).length === 0;

  it('plays on where it becomes known in time, and hears nothing of it', async () => {
    const { player, troubles } = await unsure(20_000);
    const states: string[] = [];
    player.on('state', (state) => states.push(state));
    proxy.up = false;
    proxy.loseCommits = false;
    proxy.up = true;
    const saved = 'SELECT FROM checkpoints WHERE saved_at > $1';
    const [now] = await database.query<{ now: Date }>('SELECT now()');
    player.send.walk({ towards: 0, pace: 'walk' });
    // What was not known is behind it: saves are written one after the other.
    await expect
      .poll(async () => (await database.query(saved, [now?.now as Date])).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    expect([states, troubles, player.state, await playable()]).toEqual([[], [], 'playing', true]);
  });

  it('is told so and put out when it stays unknown, and comes back by themselves once it is known', async () => {
    const { player, troubles, waits } = await unsure(300);
    proxy.up = false;
    await expect.poll(() => troubles, { timeout: 20_000 }).toContain('character_frozen');
    await expect.poll(() => [player.state, waits.at(-1)?.why], { timeout: 20_000 }).toEqual(['waiting', 'unreachable']);
    const stood = town.at(player);
    proxy.loseCommits = false;
    proxy.up = true;
    await expect.poll(() => player.state, { timeout: 40_000 }).toBe('playing');
    await expect.poll(() => metres(town.at(player), stood), { timeout: 20_000 }).toBeLessThan(3);
    expect(await playable()).toBe(true);
  });
});
