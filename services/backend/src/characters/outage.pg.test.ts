import { openDatabase } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkpointOf, Owner } from './desk-contract.ts';
import { PostgresDesk, type PostgresDeskOptions } from './postgres-desk.ts';
import { takeZone } from './take-zone.ts';
import { createCharacter, prepareCharacters, silent } from './test-characters.ts';

const direct = await testDatabase();
const proxy = await TestProxy.start(direct.url);
const database = openDatabase({ url: proxy.url, maxConnections: 4 });
beforeAll(() => prepareCharacters(direct.database));
afterAll(async () => {
  await database.close();
  await proxy.stop();
});

let zones = 500;

async function stage(options: Partial<PostgresDeskOptions> = {}) {
  const desk = new PostgresDesk({ database, log: silent, retryMs: 20, patienceMs: 60, graceMs: 60, ...options });
  const zone = ++zones;
  const owner = new Owner(desk, zone, await takeZone(direct.database, zone));
  const { character: ann } = await createCharacter(direct.database);
  return { desk, owner, ann };
}

const frozen = async (character: string): Promise<string | null> => {
  const rows = await direct.database.query<{ frozen_why: string | null }>(
    'SELECT frozen_why FROM characters WHERE id = $1',
    [character],
  );
  return rows[0]?.frozen_why ?? null;
};

describe('[WO21] while the database cannot be reached', () => {
  it('everything is put off, with the reason and when to come again; nobody is frozen; then all goes on', async () => {
    const { owner, ann } = await stage();
    await owner.save(checkpointOf(ann, 1));
    proxy.up = false;
    expect(await owner.load(ann)).toBe('character_unreachable');
    expect(await owner.save(checkpointOf(ann, 2))).toBe('character_unreachable');
    expect(await owner.tell()).toBe('character_unreachable');
    proxy.up = true;
    expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 1 } });
    expect(await owner.save(checkpointOf(ann, 2))).toEqual(['saved']);
    expect(await owner.tell()).toBe('done');
    expect(await frozen(ann)).toBeNull();
  });

  it('a load that it is back for in time is answered as if nothing had been', async () => {
    const { owner, ann } = await stage({ patienceMs: 20_000 });
    await owner.save(checkpointOf(ann, 1));
    proxy.up = false;
    const loading = owner.load(ann);
    setTimeout(() => {
      proxy.up = true;
    }, 100);
    expect(await loading).toMatchObject({ checkpoint: { xMm: 1 } });
  });

  it('and while it only reads, as in a fail-over, saves are put off and nobody is frozen', async () => {
    const operator = await direct.database.connection();
    const own = openDatabase({ url: direct.url, maxConnections: 1 });
    const { owner, ann, desk } = await stage({ database: own });
    const { character: bea } = await createCharacter(direct.database);
    const onlyReads = `ALTER DATABASE ${new URL(direct.url).pathname.slice(1)}`;
    onTestFinished(async () => {
      await operator.query(`${onlyReads} RESET default_transaction_read_only`);
      operator.release();
      await own.close();
    });
    // Of connections that are new from here on.
    await operator.query(`${onlyReads} SET default_transaction_read_only = on`);
    for (let tick = 1; tick <= 2; tick++)
      expect(await owner.save(checkpointOf(ann, tick), checkpointOf(bea, tick))).toBe('character_unreachable');
    expect([ann, bea].map((character) => desk.freezer.holds(character))).toEqual([false, false]);
    expect(await owner.load(ann)).toMatchObject({ checkpoint: null });
    await operator.query(`${onlyReads} RESET default_transaction_read_only`);
    // What was read by a connection of before leaves it open; the save that fails on it does not.
    await owner.save(checkpointOf(ann, 3));
    expect(await owner.save(checkpointOf(ann, 4), checkpointOf(bea, 4))).toEqual(['saved', 'saved']);
    expect([await frozen(ann), await frozen(bea)]).toEqual([null, null]);
  });
});

describe('[WO22] a commit that was not answered', () => {
  it('is found to stand, and nobody notices', async () => {
    const { owner, ann } = await stage({ graceMs: 20_000 });
    proxy.loseCommits = true;
    const saving = owner.save(checkpointOf(ann, 3));
    await expect.poll(() => proxy.lost).toBeGreaterThan(0);
    proxy.loseCommits = false;
    expect(await saving).toEqual(['superseded']);
    expect(await owner.load(ann)).toMatchObject({ checkpoint: { xMm: 3 } });
    expect(await frozen(ann)).toBeNull();
  });

  it('freezes who it is about when that takes too long, and lifts itself when it is known', async () => {
    const { owner, ann, desk } = await stage();
    const { character: bea } = await createCharacter(direct.database);
    await owner.save(checkpointOf(ann, 1), checkpointOf(bea, 1));
    const before = proxy.lost;
    proxy.loseCommits = true;
    const saving = owner.save(checkpointOf(ann, 5));
    await expect.poll(() => proxy.lost).toBeGreaterThan(before);
    proxy.up = false;
    expect(await saving).toEqual(['unknown']);
    expect(desk.freezer.holds(ann)).toBe(true);
    proxy.loseCommits = false;
    proxy.up = true;
    expect(await owner.load(bea)).toMatchObject({ checkpoint: { xMm: 1 } });
    await expect.poll(() => owner.load(ann)).toMatchObject({ checkpoint: { xMm: 5 } });
    expect(desk.freezer.holds(ann)).toBe(false);
    expect(await frozen(ann)).toBeNull();
  });

  it('of an owner that is replaced meanwhile is left at that', async () => {
    const { owner, ann, desk } = await stage();
    const before = proxy.lost;
    proxy.loseCommits = true;
    const saving = owner.save(checkpointOf(ann, 5));
    await expect.poll(() => proxy.lost).toBeGreaterThan(before);
    proxy.up = false;
    expect(await saving).toEqual(['unknown']);
    await takeZone(direct.database, owner.zone);
    proxy.loseCommits = false;
    proxy.up = true;
    await expect.poll(() => desk.freezer.holds(ann)).toBe(false);
  });
});

describe('[WO22] a save that is refused', () => {
  it('is one of many that are sought out, the others being kept', async () => {
    const { owner } = await stage();
    const all = await Promise.all(
      Array.from({ length: 37 }, async () => (await createCharacter(direct.database)).character),
    );
    const bad = new Set([all[5], all[6], all[30]]);
    for (const character of bad) await direct.database.query('INSERT INTO refusing VALUES ($1)', [character as string]);
    const verdicts = await owner.save(...all.map((character) => checkpointOf(character, 9)));
    expect(verdicts).toEqual(all.map((character) => (bad.has(character) ? 'refused' : 'saved')));
    expect(await frozen(all[5] as string)).toBe('not this one');
    expect(await frozen(all[7] as string)).toBeNull();
  });
});
