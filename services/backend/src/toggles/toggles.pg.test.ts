import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followToggles, LiveToggles, subjects } from '@lifeverse/contracts';
import {
  createLog,
  type Database,
  DatabaseUnreachable,
  LocalBus,
  migrate,
  openDatabase,
  SystemClock,
  startEmbeddedServer,
} from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { ProviderEvents, ServerProviderStatus } from '@openfeature/server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAudit } from '../audit/read-audit.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { migrations } from '../migrations.ts';
import { startToggles } from './start-toggles.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);

const by = { actor: 'player:ann', reason: 'to see it' };
const serving = (value: unknown) => ({ variants: { on: value }, serve: 'on' });
/** Nobody looks by themselves: what is followed was heard. */
const NEVER_MS = 2 ** 30;

async function started(over: { database?: Database; pollMs?: number } = {}) {
  const bus = new LocalBus();
  const log = createLog({ role: 'test', level: 'silent' });
  const running = await startToggles({ database, bus, clock: new SystemClock(), log, ...over });
  onTestFinished(async () => {
    await running.stop();
    bus.close();
  });
  return { ...running, bus };
}

/** As somebody does who goes past the desk. */
async function written(toggle: string, definition: object, on = database): Promise<void> {
  await on.query(`INSERT INTO toggle_versions (toggle, definition, actor, reason) VALUES ($1, $2, 'sql', '')`, [
    toggle,
    JSON.stringify(definition),
  ]);
}

/** Resolves as soon as this holds. */
async function until(live: LiveToggles, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve) => {
    const end = live.onChange(() => {
      if (!holds()) return;
      end();
      resolve();
    });
  });
}

describe('toggles in the database', () => {
  it('are changed for this server at once, for every other one and on the bus as soon as the database says so', async () => {
    const one = await started();
    const other = await started({ database: openDatabase({ url }), pollMs: NEVER_MS });
    const onBus = new LiveToggles(new SystemClock());
    onTestFinished(followToggles({ bus: other.bus, clock: new SystemClock(), live: onBus }));
    const { version } = await one.desk.set('worldCapacity', serving(77), by);
    expect([one.live.get('worldCapacity'), one.live.version('worldCapacity')]).toEqual([77, version]);
    await until(other.live, () => other.live.get('worldCapacity') === 77);
    await until(onBus, () => onBus.get('worldCapacity') === 77);
  });

  it('reach one who came late on the bus', async () => {
    const { desk, bus } = await started();
    await desk.set('joinsPerS', serving(3), by);
    const late = new LiveToggles(new SystemClock());
    onTestFinished(followToggles({ bus, clock: new SystemClock(), live: late }));
    await until(late, () => late.get('joinsPerS') === 3);
  });

  it('follow by looking, when the database says nothing', async () => {
    const { live } = await started();
    await database.query('ALTER TABLE toggle_versions DISABLE TRIGGER toggles_changed');
    await written('updateHz', serving(7));
    await until(live, () => live.get('updateHz') === 7);
    await database.query('ALTER TABLE toggle_versions ENABLE TRIGGER toggles_changed');
  });

  it('listen again after the connection that listens was cut', async () => {
    const { live } = await started();
    const quiet = await started({ pollMs: NEVER_MS });
    const listening = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
    await database.query(`SELECT pg_terminate_backend(pid) ${listening}`);
    await quiet.desk.set('updateHz', serving(9), by);
    await until(live, () => live.get('updateHz') === 9);
    await written('updateHz', serving(10));
    await until(quiet.live, () => quiet.live.get('updateHz') === 10);
  });

  it('keep the last good definition when somebody writes a wrong one past the desk', async () => {
    const { live, desk } = await started();
    await desk.set('updateHz', serving(11), by);
    const said = new Promise<void>((resolve) => live.onChange(() => resolve()));
    await database.query(`INSERT INTO toggle_versions (toggle, definition, actor, reason) VALUES
      ('updateHz', '{"variants": {"on": 9007199254740993}, "serve": "on"}', 'sql', ''),
      ('worldCapacity', '{"variants": {"on": 12}, "serve": "on"}', 'sql', '')`);
    await said;
    expect([live.get('updateHz'), live.get('worldCapacity')]).toEqual([11, 12]);
  });
});

describe('the desk', () => {
  it('keeps who changed what, when and why, in history and audit, and reverts', async () => {
    const { desk, live } = await started();
    const first = await desk.set('viewRadiusCells', serving(3), { actor: 'player:ann', reason: 'a crowd' });
    const second = await desk.set('viewRadiusCells', serving(2), { actor: 'player:bob', reason: 'a larger crowd' });
    const third = await desk.revert('viewRadiusCells', first.version, { actor: 'player:cid', reason: 'it is over' });
    const last = await desk.set('viewRadiusCells', null, { actor: 'player:cid', reason: 'as declared' });
    expect(live.get('viewRadiusCells')).toBe(8);
    expect(await desk.history('viewRadiusCells', { limit: 10 })).toEqual([
      expect.objectContaining({ ...last, definition: null, reason: 'as declared' }),
      expect.objectContaining({ ...third, definition: serving(3), actor: 'player:cid' }),
      expect.objectContaining({ ...second, definition: serving(2), actor: 'player:bob' }),
      expect.objectContaining({ ...first, definition: serving(3), actor: 'player:ann', reason: 'a crowd' }),
    ]);
    expect(await desk.history('viewRadiusCells', { limit: 1, before: second.version })).toEqual([first]);
    const { rows } = await readAudit(database, { limit: 4, subject: 'toggle:viewRadiusCells' });
    expect(rows.map(({ actor, act, reason }) => [actor, act, reason])).toEqual([
      ['player:cid', 'toggle.set', 'as declared'],
      ['player:cid', 'toggle.revert', 'it is over'],
      ['player:bob', 'toggle.set', 'a larger crowd'],
      ['player:ann', 'toggle.set', 'a crowd'],
    ]);
    expect(rows[1]?.detail).toMatchObject({ to: first.version, from: second.version, version: third.version });
    expect(await verifyAudit(database)).toMatchObject({ ok: true });
  });

  it('lists what is declared, with what is in force', async () => {
    const { desk } = await started();
    const set = await desk.set('joinsPerS', serving(42), by);
    const listed = await desk.list();
    expect(listed.map(({ toggle }) => toggle)).toContain('worldCapacity');
    expect(listed.find(({ toggle }) => toggle === 'joinsPerS')).toMatchObject({
      declaration: { type: 'integer', default: 200 },
      newest: { version: set.version, actor: 'player:ann', reason: 'to see it' },
      inForce: set.version,
      value: { value: 42, reason: 'STATIC', variant: 'on' },
    });
  });

  it('refuses a change that was based on another version, of any number at once', async () => {
    const { desk } = await started();
    const { version } = await desk.set('joinsPerS', serving(1), by);
    const at = await Promise.allSettled([2, 3, 4].map((value) => desk.set('joinsPerS', serving(value), by, version)));
    expect(at.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of at)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'change_conflict' });
    await expect(desk.set('joinsPerS', serving(5), by, null)).rejects.toMatchObject({ code: 'change_conflict' });
  });

  it('changes nothing when it refuses', async () => {
    const { desk } = await started();
    const before = await database.query(
      'SELECT (SELECT count(*) FROM toggle_versions), (SELECT count(*) FROM audit) AS a',
    );
    const refused: [Promise<unknown>, string][] = [
      [desk.set('updateHz', serving(0), by), 'change_invalid'],
      [desk.set('updateHz', { ...serving(5), targeting: [{ serve: 'off' }] }, by), 'change_invalid'],
      [desk.set('nothing', serving(5), by), 'setting_unknown'],
      [desk.set('toString', null, by), 'setting_unknown'],
      [desk.history(`'; DROP TABLE audit; --`, { limit: 1 }), 'setting_unknown'],
      [desk.revert('updateHz', 999_999, by), 'setting_unknown'],
    ];
    for (const [promise, code] of refused) await expect(promise).rejects.toMatchObject({ code });
    await expect(desk.set('updateHz', serving(0), by)).rejects.toThrow(
      '/variants/on must be a whole number from 1 to 120',
    );
    await expect(desk.set('updateHz', serving(5), { ...by, reason: 'a\ud800' })).rejects.toThrow(TypeError);
    expect(
      await database.query('SELECT (SELECT count(*) FROM toggle_versions), (SELECT count(*) FROM audit) AS a'),
    ).toEqual(before);
  });

  it('reverts to no version of another toggle', async () => {
    const { desk } = await started();
    const { version } = await desk.set('joinsPerS', serving(1), by);
    await expect(desk.revert('updateHz', version, by)).rejects.toMatchObject({ code: 'setting_unknown' });
  });

  it('shows what somebody would get, also of what is not in force, at another time', async () => {
    const { desk } = await started();
    const definition = {
      variants: { near: 2, far: 5 },
      serve: 'near',
      targeting: [{ platform: ['phone'], from: '2030-01-01T00:00:00Z', serve: 'far' }],
    };
    const later = { definition, atMs: Date.parse('2030-01-02') };
    expect(desk.preview('viewRadiusCells', { platform: 'phone' }, { definition })).toMatchObject({ value: 2 });
    expect(desk.preview('viewRadiusCells', { platform: 'phone' }, later)).toMatchObject({ value: 5, variant: 'far' });
    expect(() => desk.preview('updateHz', {}, { definition: {} })).toThrow('/variants');
  });
});

describe('without a database', () => {
  it('starts with defaults, keeps the last values while it is gone, says so, and follows when it is back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lifeverse-toggles-'));
    let server = await startEmbeddedServer({ folder });
    const own = openDatabase({ url: server.url });
    onTestFinished(async () => {
      await own.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    });
    await migrate(own, migrations);
    await server.kill();
    const { live, desk, client, onStale } = await started({ database: own });
    expect(live.get('worldCapacity')).toBe(10_000);
    const told: boolean[] = [];
    const back = Promise.withResolvers<void>();
    onStale((stale) => {
      told.push(stale);
      if (!stale) back.resolve();
    });
    await expect(desk.set('worldCapacity', serving(5), by)).rejects.toThrow(DatabaseUnreachable);
    server = await startEmbeddedServer({ folder });
    await back.promise;
    await desk.set('worldCapacity', serving(5), by);
    const gone = Promise.withResolvers<void>();
    onStale((stale) => stale && gone.resolve());
    await server.kill();
    await gone.promise;
    expect(client.providerStatus).toBe(ServerProviderStatus.STALE);
    expect(live.get('worldCapacity')).toBe(5);
    server = await startEmbeddedServer({ folder });
    const direct = openDatabase({ url: server.url });
    const followed = until(live, () => live.get('worldCapacity') === 6);
    await written('worldCapacity', serving(6), direct);
    await direct.close();
    await followed;
    expect(client.providerStatus).toBe(ServerProviderStatus.READY);
    expect(told).toEqual([false, true, false]);
  });
});

describe("OpenFeature's own client", () => {
  it('evaluates by the live toggles, with reasons, errors and events', async () => {
    const { desk, client } = await started();
    await desk.set('viewRadiusCells', { ...serving(4), targeting: [{ cohort: ['beta'], serve: 'on' }] }, by);
    const { version } = await desk.set('worldCapacity', serving(500), by);
    expect(await client.getNumberValue('worldCapacity', 1)).toBe(500);
    expect(await client.getNumberDetails('worldCapacity', 1)).toMatchObject({
      value: 500,
      reason: 'STATIC',
      variant: 'on',
      flagMetadata: { version },
    });
    expect(await client.getNumberDetails('viewRadiusCells', 1, { cohort: 'beta' })).toMatchObject({
      value: 4,
      reason: 'TARGETING_MATCH',
    });
    expect(await client.getNumberDetails('nothing', 1)).toMatchObject({ value: 1, errorCode: 'FLAG_NOT_FOUND' });
    expect(await client.getBooleanDetails('updateHz', true)).toMatchObject({ value: true, errorCode: 'TYPE_MISMATCH' });
    expect(await client.getObjectDetails('updateHz', {})).toMatchObject({ errorCode: 'TYPE_MISMATCH' });
    expect(await client.getNumberDetails('viewRadiusCells', 1, { cohort: 5 })).toMatchObject({
      errorCode: 'INVALID_CONTEXT',
    });
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
    await desk.set('worldCapacity', serving(501), by);
    expect(await changed).toMatchObject({ flagsChanged: ['worldCapacity'] });
    expect(await client.getNumberValue('worldCapacity', 1)).toBe(501);
  });
});

it('all of them are on their own subject of the bus', async () => {
  const { bus } = await started();
  const heard = new Promise<Uint8Array>((resolve) => bus.subscribe(subjects.toggles, resolve));
  expect((await heard).length).toBeGreaterThan(0);
});
