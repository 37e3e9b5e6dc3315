import { randomUUID } from 'node:crypto';
import { createLog } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { LifeverseError } from '@lifeverse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackendApp } from '../http/app.ts';
import { ProblemSchema } from '../http/problem-schema.ts';
import { checkpointOf, Owner } from './desk-contract.ts';
import { PostgresDesk } from './postgres-desk.ts';
import { characterRoutes } from './routes.ts';
import { takeZone } from './take-zone.ts';
import { createCharacter, prepareCharacters, refuseSaves, silent } from './test-characters.ts';

const { database } = await testDatabase();
const desk = new PostgresDesk({ database, log: silent });
const routes = characterRoutes({
  database,
  problem: ProblemSchema,
  session: async ({ headers }) => {
    if (typeof headers['x-player'] !== 'string') throw new LifeverseError('session_unknown');
    return { session: randomUUID(), player: headers['x-player'], name: 'x', roles: [], mutedUntilMs: null };
  },
});
const log = createLog({ role: 'test', level: 'silent' });
const app = await createBackendApp({ log, secret: 'secret', routes: [routes] });
beforeAll(() => prepareCharacters(database));
afterAll(() => app.close());

async function characters(player: string) {
  const { statusCode, body } = await app.inject({ url: '/api/characters', headers: { 'x-player': player } });
  expect(statusCode).toBe(200);
  return JSON.parse(body).characters;
}

describe('[WO23] one’s own characters', () => {
  it('are there before they ever stood in the world, and nobody else’s', async () => {
    const [ann] = [await createCharacter(database), await createCharacter(database, 'Bea')];
    const never = { state: 'offline', since: null, zone: null, position: null, frozen: false };
    expect(await characters(ann.player)).toEqual([{ id: ann.character, name: 'Ann', ...never }]);
    expect(await characters(randomUUID())).toEqual([]);
  });

  it('say where they are and since when, and that they have gone', async () => {
    const { player, character } = await createCharacter(database);
    const owner = new Owner(desk, 71, await takeZone(database, 71));
    const change = { character, incarnation: 1, handovers: 1, gateway: 'g1' };
    await owner.save(checkpointOf(character, 2_500));
    await owner.tell({ ...change, revision: 1, state: 'online' });
    const [online] = await characters(player);
    expect(online).toMatchObject({ state: 'online', zone: 71, position: { x: 2.5, y: -2.5 } });
    await owner.tell({ ...change, revision: 2, state: 'online' });
    expect((await characters(player))[0].since).toBe(online.since);
    await owner.tell({ ...change, revision: 3, state: 'offline' });
    const [gone] = await characters(player);
    expect(gone).toMatchObject({ state: 'offline', zone: null, position: { x: 2.5, y: -2.5 } });
    expect(Date.parse(gone.since)).toBeGreaterThanOrEqual(Date.parse(online.since));
  });

  it('are offline as soon as the owner of the zone has been silent for its lease', async () => {
    const { player, character } = await createCharacter(database);
    const owner = new Owner(desk, 72, await takeZone(database, 72));
    await owner.tell({ character, incarnation: 1, handovers: 1, gateway: 'g1', revision: 1, state: 'online' });
    const silentFor = (seconds: number) =>
      database.query(
        'UPDATE presence_leases SET said_at = now() - make_interval(secs => $2::int) WHERE zone = $1::bigint',
        [72, seconds],
      );
    await silentFor(14);
    expect((await characters(player))[0].state).toBe('online');
    await silentFor(16);
    expect((await characters(player))[0]).toMatchObject({ state: 'offline', zone: null });
    await owner.tell();
    expect((await characters(player))[0].state).toBe('online');
  });

  it('[WO22] say that they are frozen, until that is lifted, by whom and why being written down', async () => {
    const { player, character } = await createCharacter(database);
    const owner = new Owner(desk, 73, await takeZone(database, 73));
    await refuseSaves(database, character, true);
    await owner.save(checkpointOf(character, 1));
    expect((await characters(player))[0].frozen).toBe(true);
    expect(await desk.freezer.list()).toMatchObject([{ character, name: 'Ann', why: 'not this one' }]);
    await refuseSaves(database, character, false);
    const by = { actor: 'player:somebody', reason: 'The trigger was wrong.' };
    expect(await desk.freezer.lift(character, by)).toBe(true);
    expect(await desk.freezer.lift(character, by)).toBe(false);
    expect((await characters(player))[0].frozen).toBe(false);
    const rows = await database.query('SELECT actor, act, reason FROM audit WHERE subject = $1', [
      `character:${character}`,
    ]);
    expect(rows).toEqual([{ act: 'character.unfreeze', ...by }]);
  });

  it('are told to nobody without a session', async () => {
    expect((await app.inject({ url: '/api/characters' })).statusCode).toBe(401);
  });
});
