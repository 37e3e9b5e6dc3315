import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  apiHeaders,
  type DurableDone,
  decodeExpulsion,
  type Expulsion,
  type Role,
  subjects,
} from '@lifeverse/contracts';
import { createLog, LocalBus, migrate, SystemClock } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../audit/verify-audit.ts';
import { Journal, openHolder, PostgresStore } from '../journal/index.ts';
import { migrations } from '../migrations.ts';
import { startBackend } from '../start-backend.ts';

const { database, url } = await testDatabase();
await migrate(database, migrations);
const bus = new LocalBus();
const backend = await startBackend({
  databaseUrl: url,
  bus,
  clock: new SystemClock(),
  log: createLog({ role: 'backend', level: 'silent' }),
  publicUrl: 'http://127.0.0.1',
  socketFolder: null,
  operatorToken: 'an operator',
});
afterAll(async () => {
  await backend.stop();
  bus.close();
});

async function ask(method: string, path: string, body?: unknown, token?: string) {
  const headers = {
    [apiHeaders.operator]: 'an operator',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const sent = request({ ...backend.api.place, method, path, headers });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const said = await text(answer);
  return { status: answer.statusCode, body: said === '' ? null : JSON.parse(said) };
}

interface Person {
  readonly player: string;
  readonly session: string;
  readonly name: string;
}

const guest = async (name: string): Promise<Person> => (await ask('POST', '/api/players', { name })).body;

async function staff(role: Role): Promise<Person> {
  const person = await guest(`The ${role}`);
  await database.query('UPDATE players SET roles = $2 WHERE id = $1', [person.player, [role]]);
  return person;
}

const newestAct = async () =>
  (
    await database.query(
      'SELECT actor, act, subject, reason, detail::jsonb AS detail FROM audit ORDER BY number DESC LIMIT 1',
    )
  )[0];

let support: Person;
let master: Person;
let owner: Person;
let mallory: Person;
beforeAll(async () => {
  [support, master, owner, mallory] = [
    await staff('support'),
    await staff('game master'),
    await staff('owner'),
    await guest('Mallory Mole'),
  ];
});

const find = (words: string, who = support) =>
  ask('GET', `/api/admin/players?words=${encodeURIComponent(words)}`, undefined, who.session);
const names = ({ body }: { body: { players: { name: string }[] } }) => body.players.map(({ name }) => name);

it('finds players by name, part of a name, id and address', async () => {
  await guest('mole');
  await guest('Moleskin');
  await guest('100%_\\');
  expect(names(await find('MOLE'))).toEqual(['mole', 'Moleskin', 'Mallory Mole']);
  expect(names(await find('ry m'))).toEqual(['Mallory Mole']);
  expect(names(await find('%'))).toEqual(['100%_\\']);
  expect(names(await find('_\\'))).toEqual(['100%_\\']);
  expect(names(await find(mallory.player))).toEqual(['Mallory Mole']);
  const [character] = await database.query<{ id: string }>('SELECT id FROM characters WHERE player = $1', [
    mallory.player,
  ]);
  expect(names(await find(character?.id as string))).toEqual(['Mallory Mole']);
  expect(names(await find("'; DROP TABLE players; --"))).toEqual([]);
});

it('finds by an address, and shows it, to those whom it concerns', async () => {
  const account = { email: 'Mole@Example.org', password: 'correct horse battery', name: 'Addressed' };
  const { body } = await ask('POST', '/api/accounts', account);
  const viewer = await staff('viewer');
  expect(names(await find('mole@example.org'))).toEqual(['Addressed']);
  expect((await find('mole@example.org', viewer)).body.code).toBe('role_required');
  const seen = async (who: Person) =>
    (await ask('GET', `/api/admin/players/${body.player}`, undefined, who.session)).body.identities;
  expect(await seen(support)).toMatchObject([{ kind: 'email', label: 'mole@example.org' }]);
  expect(await seen(viewer)).toMatchObject([{ kind: 'email', label: null }]);
});

it('shows a player with sessions and characters', async () => {
  const { body } = await ask('GET', `/api/admin/players/${mallory.player}`, undefined, support.session);
  expect(body).toMatchObject({
    player: mallory.player,
    name: 'Mallory Mole',
    roles: [],
    suspendedUntil: null,
    mutedUntil: null,
    characters: [{ name: 'Mallory Mole', state: 'offline', frozenWhy: null }],
    sessions: [{ platform: '' }],
    identities: [],
  });
  expect(JSON.stringify(body)).not.toContain(mallory.session);
  const nobody = await ask('GET', `/api/admin/players/${randomUUID()}`, undefined, support.session);
  expect(nobody).toMatchObject({ status: 404, body: { code: 'player_unknown' } });
});

it('mutes and suspends for a while, and says in the audit who and why', async () => {
  const act = (what: string, who: Person, body: object) =>
    ask('POST', `/api/admin/players/${mallory.player}/${what}`, body, who.session);
  expect((await act('mute', support, { minutes: 10, reason: 'shouting' })).status).toBe(204);
  expect(await newestAct()).toEqual({
    actor: `player:${support.player}`,
    act: 'player.mute',
    subject: `player:${mallory.player}`,
    reason: 'shouting',
    detail: { minutes: 10 },
  });
  expect((await act('suspend', support, { minutes: 10, reason: 'x' })).body.code).toBe('role_required');
  expect((await act('suspend', master, { minutes: 10, reason: 'cheating' })).status).toBe(204);
  expect((await ask('POST', '/api/tickets', {}, mallory.session)).body.code).toBe('player_suspended');
  expect((await act('suspend', master, { minutes: 0, reason: 'it was not' })).status).toBe(204);
  expect((await ask('POST', '/api/tickets', {}, mallory.session)).status).toBe(200);
  expect((await act('mute', support, { minutes: 10, reason: ' ' })).body.code).toBe('change_invalid');
  expect((await act('mute', support, { minutes: -1, reason: 'x' })).body.code).toBe('malformed_message');
  expect((await act('mute', support, { minutes: 1, reason: 'x', until: 'ever' })).status).toBe(400);
});

it('sends whoever is suspended or logged out everywhere out of the world', async () => {
  const heard: (Expulsion | undefined)[] = [];
  const end = bus.subscribe(subjects.expulsion, (bytes) => heard.push(decodeExpulsion(bytes)));
  const of = (code: Expulsion['code']) => heard.filter((said) => said?.code === code);
  const out = await guest('Out');
  const sanction = (what: string, who: Person, body: object) =>
    ask('POST', `/api/admin/players/${out.player}/${what}`, { ...body, reason: 'x' }, who.session);
  const idOf = async (table: 'characters' | 'sessions') =>
    (await database.query<{ id: string }>(`SELECT id FROM ${table} WHERE player = $1`, [out.player]))[0]?.id;
  const character = await idOf('characters');
  await sanction('suspend', master, { minutes: 1 });
  await expect
    .poll(() => of('player_suspended').flatMap((said) => said?.seats ?? []))
    .toContainEqual({ character, incarnation: 1 });
  const session = await idOf('sessions');
  expect(of('session_unknown').flatMap((said) => said?.logins ?? [])).not.toContain(session);
  await sanction('end-sessions', support, {});
  await expect.poll(() => of('session_unknown').flatMap((said) => said?.logins ?? [])).toContain(session);
  end();
});

it('does nothing to staff but by an owner, who alone gives roles', async () => {
  const suspend = (who: Person) =>
    ask('POST', `/api/admin/players/${support.player}/suspend`, { minutes: 1, reason: 'x' }, who.session);
  expect((await suspend(master)).body.code).toBe('role_required');
  const setRoles = (who: Person, roles: string[]) =>
    ask('PUT', `/api/admin/players/${support.player}/roles`, { roles, reason: 'x' }, who.session);
  expect((await setRoles(master, ['owner'])).body.code).toBe('role_required');
  expect((await setRoles(owner, ['emperor'])).status).toBe(400);
  expect((await setRoles(owner, ['viewer'])).status).toBe(204);
  expect((await find('x@example.org')).body.code).toBe('role_required');
  expect((await setRoles(owner, ['support'])).status).toBe(204);
});

it('ends all sessions of a player', async () => {
  const somebody = await guest('Somebody');
  const path = `/api/admin/players/${somebody.player}/end-sessions`;
  expect((await ask('POST', path, { reason: 'stolen' }, support.session)).status).toBe(204);
  expect((await ask('GET', '/api/sessions/current', undefined, somebody.session)).status).toBe(401);
});

it('gives back what was paid, once, by the journal', async () => {
  const store = new PostgresStore(url);
  const journal = new Journal({ store, clock: new SystemClock() });
  const characters = [randomUUID(), randomUUID()] as const;
  for (const character of characters) await openHolder(database, character);
  const [payer, payee] = characters;
  const submit = (operation: Parameters<Journal['submit']>[0]['operation']) =>
    journal.submit({ holder: payer, key: randomBytes(16), operation });
  await submit({ kind: 'mint', money: { gold: 100 }, items: [] });
  const paid = (await submit({ kind: 'give', to: payee, gives: { money: { gold: 60 }, items: [] } })) as DurableDone;
  await journal.close();
  await store.close();

  const refund = (operation: number, who = master) =>
    ask('POST', `/api/admin/characters/${payer}/refund`, { operation, reason: 'a bug' }, who.session);
  expect((await refund(paid.operation, support)).body.code).toBe('role_required');
  const refunded = await refund(paid.operation);
  expect(refunded).toMatchObject({ status: 200, body: { balances: { gold: 100 } } });
  expect(await newestAct()).toMatchObject({ act: 'journal.refund', detail: { operation: paid.operation } });
  expect((await refund(paid.operation)).body).toEqual(refunded.body);
  const { body } = await ask('GET', `/api/admin/characters/${payer}/journal`, undefined, support.session);
  expect(body.lines.map(({ kind }: { kind: string }) => kind)).toEqual(['refund', 'give', 'mint']);
  expect((await refund(987_654_321)).body.code).toBe('refund_none');
  expect(await newestAct()).toMatchObject({ act: 'journal.refund-refused', detail: { code: 'refund_none' } });
});

it('writes down who of the staff looked at whom', async () => {
  const looker = await staff('support');
  const [character] = await database.query<{ id: string }>('SELECT id FROM characters WHERE player = $1', [
    mallory.player,
  ]);
  const look = (path: string) => ask('GET', path, undefined, looker.session);
  for (let i = 0; i < 3; i++) {
    expect((await find(mallory.name, looker)).status).toBe(200);
    expect((await look(`/api/admin/players/${mallory.player}`)).status).toBe(200);
    expect((await look(`/api/admin/characters/${character?.id}/journal`)).status).toBe(200);
  }
  expect((await look(`/api/admin/players/${randomUUID()}`)).body.code).toBe('player_unknown');
  const noted = await database.query(
    'SELECT act, subject, detail::jsonb AS detail FROM audit WHERE actor = $1 ORDER BY number',
    [`player:${looker.player}`],
  );
  expect(noted).toEqual([
    { act: 'players.find', subject: 'players', detail: { found: [mallory.player] } },
    { act: 'player.see', subject: `player:${mallory.player}`, detail: { addresses: true } },
    { act: 'journal.see', subject: `character:${character?.id}`, detail: {} },
  ]);
});

it('all of it in an audit that holds', async () => {
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});
