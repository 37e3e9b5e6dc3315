import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeDeskRequest, encodePresence, LiveToggles, type PresenceState, subjects } from '@lifeverse/contracts';
import { createLog, LocalBus, openDatabase, SystemClock } from '@lifeverse/node-kit';
import { TestProxy } from '@lifeverse/node-kit/test-proxy';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { caller, granted, playersGround } from '../players/test-players.ts';
import { PresenceWriter } from '../presence/presence-writer.ts';
import type { Asking } from './admission.ts';
import { lastingSecret } from './lasting-secret.ts';
import { startAdmission } from './start-admission.ts';
import { isWaiting, type Waiting } from './waiting.ts';

const ground = await playersGround();
const players = await ground.players();
const clock = new SystemClock();
const log = createLog({ role: 'test', level: 'error' });
const logged: Asking = { token: null, place: null, peer: '198.51.100.7', unlimited: true };
/** Of the zone that stands behind all of it. */
let epoch = 0;
const revisions = { last: 0 };

beforeEach(async () => {
  await ground.database.query(
    'INSERT INTO zone_epochs (zone, epoch) VALUES (1, $1) ON CONFLICT (zone) DO UPDATE SET epoch = $1',
    [++epoch],
  );
});

/** A process that answers who wants in, as others on the same database would be. */
async function doors(limits: { worldCapacity?: number; joinsPerS?: number } = {}, url = ground.url) {
  const bus = new LocalBus();
  const database = openDatabase({ url, maxConnections: 2 });
  const toggles = new LiveToggles(clock);
  const turn = (change: typeof limits): void => {
    const all = Object.entries(change).map(([toggle, value], index) => ({
      toggle,
      version: ++revisions.last + index,
      definition: { variants: { now: value }, serve: 'now' },
    }));
    toggles.replace({ revision: ++revisions.last, atMs: Date.now(), toggles: all });
  };
  turn(limits);
  const running = await startAdmission({ database, bus, clock, log, toggles });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    running.stop();
    await database.close();
  };
  onTestFinished(stop);
  const ask = (asking: Partial<Asking> = {}) => {
    const all = { ...logged, ...asking };
    return running.admission.admit(all, async (token) => {
      if (token !== null) return players.ticket(token, null);
      return players.ticket(granted(await players.guest(undefined, caller())).session, null);
    });
  };
  const waits = async (asking: Partial<Asking> = {}): Promise<Waiting> => {
    const answer = await ask(asking);
    if (!isWaiting(answer)) throw new Error(`not waiting: ${JSON.stringify(answer)}`);
    return answer;
  };
  /** As the zone says it, to the database and to whoever listens. */
  const present = async (session: string, state: PresenceState): Promise<void> => {
    const character = await characterOf(session);
    const change = { character, state, revision: ++revisions.last, incarnation: 1, handovers: 1, gateway: 'gateway-1' };
    const request = { zone: 1, epoch, number: 1, kind: 'presence', body: encodePresence([change]) } as const;
    await new PresenceWriter(ground.database).write(request);
    bus.publish(subjects.desk, encodeDeskRequest(request));
    await sleep(0);
  };
  return {
    ask,
    waits,
    turn,
    stop,
    present,
    come: async (asking = {}) => granted(await ask(asking)) as { session: string },
  };
}

async function characterOf(session: string): Promise<string> {
  const info = await players.sessions.verify(session);
  if (typeof info === 'string') throw new Error(info);
  const [row] = await ground.database.query<{ id: string }>('SELECT id FROM characters WHERE player = $1', [
    info.player,
  ]);
  return row?.id ?? '';
}

const newSession = async (): Promise<string> => granted(await players.guest(undefined, caller())).session;

describe('a full world', () => {
  it('lets one in for one who leaves, and who stands there again whatever the room', async () => {
    const world = await doors({ worldCapacity: 1 });
    const { session } = await world.come();
    const waiting = await world.waits();
    expect(waiting).toMatchObject({ code: 'waiting', position: 1, waiting: 1, why: 'full' });
    await world.present(session, 'online');
    await world.present(session, 'away');
    expect(await world.come({ token: session })).toMatchObject({ session });
    expect((await world.waits({ place: waiting.place })).position).toBe(1);
    await world.present(session, 'offline');
    expect(await world.come({ place: waiting.place })).toMatchObject({ ticket: expect.any(String) });
    expect(await world.waits({ token: session })).toMatchObject({ position: 1, why: 'full' });
  });

  it('puts who was in the world lately before who is new, and who is there before both', async () => {
    const world = await doors({ worldCapacity: 0 });
    const [left, new1] = [await newSession(), await newSession()];
    await world.present(left, 'online');
    await world.present(left, 'offline');
    expect((await world.waits({ token: new1 })).position).toBe(1);
    expect((await world.waits({ token: left })).position).toBe(1);
    expect((await world.waits({ token: new1 })).position).toBe(2);
  });

  it('follows the toggle', async () => {
    const world = await doors({ worldCapacity: 0 });
    const { place } = await world.waits();
    world.turn({ worldCapacity: 1 });
    await world.come({ place });
  });
});

describe('a restart', () => {
  it('of the process keeps every place, and knows who stands in the world', async () => {
    const before = await doors({ worldCapacity: 0 });
    const session = await newSession();
    const standing = await newSession();
    await before.present(standing, 'online');
    const first = await before.waits();
    const second = await before.waits({ token: session });
    await before.stop();
    const after = await doors({ worldCapacity: 0 });
    expect((await after.waits()).position).toBe(1);
    expect((await after.waits({ token: session, place: second.place })).position).toBe(1);
    expect((await after.waits({ place: first.place })).position).toBe(1);
    expect((await after.waits({ token: session })).position).toBe(2);
    // Of the world before the restart: its seat is theirs, full or not.
    await after.come({ token: standing });
  });

  it('of the world: who stood there when it ended comes back before who is new', async () => {
    const before = await doors({ worldCapacity: 10 });
    const standing = await newSession();
    await before.present(standing, 'online');
    await before.stop();
    await ground.database.query("UPDATE presence_leases SET said_at = now() - interval '1 hour'");
    const after = await doors({ worldCapacity: 0 });
    const newcomer = await after.waits();
    expect((await after.waits({ token: standing })).position).toBe(1);
    expect((await after.waits({ place: newcomer.place })).position).toBe(2);
  });
});

describe('places that are none', () => {
  it('forged, cut, of another database: refused, and nobody gets ahead', async () => {
    const world = await doors({ worldCapacity: 0 });
    const { place } = await world.waits();
    const other = `${place.slice(0, -2)}AA`;
    for (const bad of [other, place.slice(1), '', 'x', '__proto__', "' OR 1=1", '\0', 'A'.repeat(512)])
      expect(await world.ask({ place: bad })).toEqual({ refused: 'place_invalid' });
    expect((await world.waits({ place })).position).toBe(1);
  });

  it("another's: of a session for who has none, of none for a session, of one session for another", async () => {
    const world = await doors({ worldCapacity: 0 });
    const [ann, bea] = [await newSession(), await newSession()];
    const nobodys = await world.waits();
    const anns = await world.waits({ token: ann });
    for (const asking of [
      { token: null, place: anns.place },
      { token: bea, place: anns.place },
      { token: ann, place: nobodys.place },
    ])
      expect(await world.ask(asking)).toEqual({ refused: 'place_invalid' });
  });

  it('one that was used lets nobody else in: the same guest comes back by it for a moment', async () => {
    const world = await doors({ worldCapacity: 0 });
    const { place } = await world.waits();
    world.turn({ worldCapacity: 1 });
    const first = await world.come({ place });
    // The answer was lost, or the page was shared: no second seat, no second guest.
    expect((await world.come({ place })).session).toBe(first.session);
    expect((await world.waits()).position).toBe(1);
  });

  it('asked twice at once, it is one turn and one guest', async () => {
    const world = await doors({ worldCapacity: 0 });
    const { place } = await world.waits();
    world.turn({ worldCapacity: 5 });
    const answers = await Promise.all([world.come({ place }), world.come({ place }), world.come({ place })]);
    expect(new Set(answers.map(({ session }) => session)).size).toBe(1);
  });

  it('no session gets two, and no session that is none gets one', async () => {
    const world = await doors({ worldCapacity: 0 });
    const token = await newSession();
    expect([(await world.waits({ token })).waiting, (await world.waits({ token })).waiting]).toEqual([1, 1]);
    for (const bad of ['', 'x', randomBytes(32).toString('base64url'), "' OR 1=1"])
      expect(await world.ask({ token: bad })).toEqual({ refused: 'session_unknown' });
    await players.sessions.end(...(await ended(token)));
    expect((await world.waits()).waiting).toBe(2);
  });

  it('one address gets a hundred, this machine and an operator as many as they like', async () => {
    const world = await doors({ worldCapacity: 0 });
    const ask = (peer: string, unlimited = false) => world.ask({ peer, unlimited });
    for (let i = 0; i < 100; i++) expect(await ask(`2001:db8:1:2::${i}`)).toMatchObject({ code: 'waiting' });
    expect(await ask('2001:db8:1:2:ffff::1')).toEqual({ refused: 'too_many_connections' });
    expect(await ask('2001:db8:1:2:ffff::1', true)).toMatchObject({ code: 'waiting' });
    expect(await ask('2001:db8:1:3::1')).toMatchObject({ code: 'waiting' });
    for (let i = 0; i < 101; i++) expect(await ask('::ffff:127.0.0.1')).toMatchObject({ code: 'waiting' });
  });
});

async function ended(token: string): Promise<[player: string, session: string]> {
  const info = await players.sessions.verify(token);
  if (typeof info === 'string') throw new Error(info);
  return [info.player, info.session];
}

describe('a database that is gone', () => {
  it('lets nobody in, says why, keeps the order, and goes on by itself', async () => {
    const proxy = await TestProxy.start(ground.url);
    afterAll(() => proxy.stop());
    const world = await doors({ worldCapacity: 10 }, proxy.url);
    const [ann, bea] = [await newSession(), await newSession()];
    proxy.up = false;
    const anns = await world.waits({ token: ann });
    expect(anns).toMatchObject({ why: 'unreachable', estimateMs: null, position: 1 });
    const beas = await world.waits({ token: bea });
    expect(beas.position).toBe(2);
    const newcomer = await world.waits();
    expect(newcomer.position).toBe(3);
    proxy.up = true;
    await expect
      .poll(async () => (await world.ask({ place: newcomer.place })) as object, { timeout: 20_000 })
      .toMatchObject({
        ticket: expect.any(String),
      });
    await world.come({ token: bea, place: beas.place });
    await world.come({ token: ann, place: anns.place });
  });
});

it('a secret is drawn once, and is the same for all who ask', async () => {
  const [one, two] = await Promise.all([lastingSecret(ground.database, 'a'), lastingSecret(ground.database, 'a')]);
  expect(one).toHaveLength(32);
  expect(two).toEqual(one);
  expect(await lastingSecret(ground.database, 'b')).not.toEqual(one);
});
