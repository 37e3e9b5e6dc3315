import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { LifeverseError } from '@lifeverse/protocol';
import fastify, { type InjectOptions } from 'fastify';
import { afterAll, expect, it } from 'vitest';
import { Looks } from '../audit/looks.ts';
import { auditRoutes } from '../audit/routes.ts';
import type { StaffDoor } from '../audit/staff-door.ts';
import { migrations } from '../migrations.ts';
import { toggleRoutes } from './routes.ts';
import { startToggles } from './start-toggles.ts';

const { database } = await testDatabase();
await migrate(database, migrations);
const bus = new LocalBus();
const log = createLog({ role: 'test', level: 'silent' });
const { desk, stop } = await startToggles({ database, bus, clock: new SystemClock(), log });
const staff: StaffDoor = {
  admit: async (request, act) => {
    const may = request.headers.authorization?.split(' ') ?? [];
    if (!may.includes(act)) throw new LifeverseError('command_refused');
    return `player:${may[0]}`;
  },
};
const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
await app.register(toggleRoutes({ desk, staff }));
await app.register(auditRoutes({ database, staff, looks: new Looks(database, new SystemClock()) }));
afterAll(async () => {
  await app.close();
  await stop();
  bus.close();
});

const ALL = 'ann toggles.read toggles.change audit.read';
async function ask(method: InjectOptions['method'] & string, url: string, body?: unknown, authorization = ALL) {
  const response = await app.inject({
    method: method as 'GET',
    url: `/api/admin/${url}`,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.statusCode, body: response.json() };
}

const definition = { variants: { some: 500 }, serve: 'some' };
const reason = 'a fair';

it('toggles are listed, set, seen in history, reverted and previewed', async () => {
  const first = (await ask('PUT', 'toggles/worldCapacity', { definition, reason, basedOn: null })).body;
  expect(first).toMatchObject({ definition, actor: 'player:ann', reason });
  const many = { ...definition, variants: { some: 900 } };
  await ask('PUT', 'toggles/worldCapacity', { definition: many, reason, basedOn: first.version });
  const listed = (await ask('GET', 'toggles')).body.toggles;
  expect(listed.find(({ toggle }: { toggle: string }) => toggle === 'worldCapacity')).toMatchObject({
    declaration: { type: 'integer', min: 0, max: 1_000_000, unit: 'players' },
    newest: { definition: many },
    value: { value: 900, reason: 'STATIC', variant: 'some' },
  });
  await ask('POST', 'toggles/worldCapacity/revert', { version: first.version, reason: 'it is over' });
  const { versions } = (await ask('GET', 'toggles/worldCapacity/history?limit=2')).body;
  expect(versions).toMatchObject([
    { definition, reason: 'it is over' },
    { definition: many, reason },
  ]);
  const older = await ask('GET', `toggles/worldCapacity/history?before=${versions[1].version}`);
  expect(older.body.versions).toEqual([first]);
  const near = { variants: { near: 2, far: 8 }, serve: 'far' };
  const phones = { ...near, targeting: [{ platform: ['phone'], from: '2030-01-01T00:00:00Z', serve: 'near' }] };
  const preview = { context: { platform: 'phone' }, definition: phones, at: '2030-01-01T00:00:00Z' };
  expect((await ask('POST', 'toggles/viewRadiusCells/preview', preview)).body).toEqual({
    value: 2,
    reason: 'TARGETING_MATCH',
    variant: 'near',
  });
  const audit = (await ask('GET', 'audit?limit=1&act=toggle.revert')).body;
  expect(audit).toMatchObject({ rows: [{ subject: 'toggle:worldCapacity', reason: 'it is over' }], before: null });
  const ofIt = 'audit?limit=2&subject=toggle:worldCapacity';
  const page = (await ask('GET', ofIt)).body;
  expect((await ask('GET', `${ofIt}&before=${page.before}`)).body.rows).toHaveLength(1);
  // Who reads the audit is in it, with what they looked for.
  expect((await ask('GET', 'audit?limit=2&act=audit.see')).body.rows).toMatchObject([
    { actor: 'player:ann', detail: { act: 'audit.see' } },
    { actor: 'player:ann', detail: { subject: 'toggle:worldCapacity' } },
  ]);
});

it.each<[string, string, unknown, string]>([
  ['GET', 'toggles', undefined, 'toggles.change audit.read'],
  ['GET', 'toggles/updateHz/history', undefined, 'toggles.change'],
  ['PUT', 'toggles/updateHz', { definition: null, reason }, 'toggles.read audit.read'],
  ['POST', 'toggles/updateHz/revert', { version: 1, reason }, 'toggles.read'],
  ['POST', 'toggles/updateHz/preview', { context: {} }, 'toggles.change'],
  ['GET', 'audit', undefined, 'toggles.read toggles.change'],
])('%s %s is for those who may', async (method, url, body, others) => {
  expect((await ask(method, url, body, `bob ${others}`)).body.message).toMatch('The world refused this');
});

const put = 'PUT toggles/updateHz';
it.each<[string, string, unknown, string]>([
  ['no reason', put, { definition }, 'reason'],
  ['an empty reason', put, { definition: null, reason: ' ' }, '/reason must be text'],
  ['an unpaired surrogate', put, `{"definition": null, "reason": "a\\ud800"}`, '/reason must be text'],
  ['a NUL', put, `{"definition": null, "reason": "a\\u0000"}`, '/reason must be text'],
  ['a long reason', put, { definition: null, reason: 'ä'.repeat(600) }, '/reason must be text of 1 to 1000 bytes'],
  ['an unknown field', put, { definition: null, reason, by: 'me' }, 'additional'],
  ['a number beyond 2^53', put, { definition: null, reason, basedOn: 2 ** 60 }, 'basedOn'],
  ['a value out of range', put, { definition, reason }, '/variants/some must be a whole number from 1 to 120'],
  ['__proto__', put, `{"definition": {"__proto__": {}}, "reason": "x"}`, 'not valid JSON'],
  ['1 MB', put, { definition: 'x'.repeat(1_000_000), reason }, 'too large'],
  ['an unknown toggle', 'PUT toggles/nothing', { definition, reason }, 'There is no such toggle'],
  ['another version', 'PUT toggles/worldCapacity', { definition, reason, basedOn: 1e9 }, 'Somebody else changed this'],
  [
    "another toggle's version",
    'POST toggles/updateHz/revert',
    { version: 1, reason },
    'no such toggle, document or version',
  ],
  ['no context', 'POST toggles/updateHz/preview', { context: { region: 1 } }, '/context region must be text'],
  ['no time', 'POST toggles/updateHz/preview', { context: {}, at: 'x' }, '/at must be an instant'],
  ['too large a page', 'GET toggles/updateHz/history?limit=201', undefined, 'limit'],
  ['a negative version', 'GET toggles/updateHz/history?before=-1', undefined, 'before'],
  ['SQL', "GET audit?before=1'--", undefined, 'before'],
])('refused, with nothing changed: %s', async (_, request, body, message) => {
  const before = await database.query('SELECT max(id) FROM toggle_versions');
  const [method, url] = request.split(' ') as [string, string];
  const answer = await ask(method, encodeURI(url), body);
  expect(answer.status).not.toBe(200);
  expect(answer.body.message).toContain(message);
  expect(await database.query('SELECT max(id) FROM toggle_versions')).toEqual(before);
});
