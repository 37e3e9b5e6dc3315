import { changeRole, migrations } from '@lifeverse/backend';
import type { Outcome, Waiting } from '@lifeverse/client';
import { type Database, migrate, openDatabase } from '@lifeverse/node-kit';
import { type Outage, TestOutage } from '@lifeverse/node-kit/test-outage';
import { stallsOf } from '@lifeverse/town';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { at, type Guest, type Player, TestTown } from './test-town.ts';

/** Short, so that an outage outlasts every one of them; a save whose outcome is unknown is waited for throughout. */
const patience = { answerMs: 1_500, outcomeMs: 1_000, saveMs: 60_000 };
const stall = stallsOf()[0] as ReturnType<typeof stallsOf>[0];
/** Of what the first stall sells, as the town has it. */
const ASKS = [2, 4] as const;
const counter = { x: stall.at.x + stall.at.w / 2, y: stall.at.y + stall.at.h + 1 };

const outage = await TestOutage.start();
const database: Database = openDatabase({ url: outage.url });
await migrate(database, migrations);
let town: TestTown | undefined;
afterEach(async () => {
  await outage.giveBack();
  await town?.close();
});
afterAll(async () => {
  await database.close();
  await outage.stop();
});

const characterOf = async (name: string): Promise<string> =>
  (await database.query<{ id: string }>('SELECT id FROM characters WHERE name = $1', [name]))[0]?.id ?? '';
async function makeOwner(name: string): Promise<void> {
  const [row] = await database.query<{ player: string }>('SELECT player FROM characters WHERE name = $1', [name]);
  const player = row?.player ?? '';
  await changeRole(database, { player, role: 'owner', change: 'grant', actor: 'system:test', reason: 'a test' });
}
const keptOf = async (name: string): Promise<{ x: number; y: number }> => {
  const [row] = await database.query<{ x_mm: number; y_mm: number }>(
    'SELECT k.x_mm, k.y_mm FROM checkpoints k JOIN characters c ON c.id = k.character WHERE c.name = $1',
    [name],
  );
  return { x: (row?.x_mm ?? 0) / 1_000, y: (row?.y_mm ?? 0) / 1_000 };
};
const metres = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);
const idOf = (player: Player) => player.me?.id as never;

/** In town, at the counter of a stall: what is kept of a first visit is moved there before the second. */
async function atTheStall(to: TestTown, name: string): Promise<Guest> {
  const first = await to.join(name);
  await expect.poll(() => keptOf(name), { timeout: 20_000 }).not.toEqual({ x: 0, y: 0 });
  first.player.close();
  const offline = 'SELECT FROM presence p JOIN characters c ON c.id = p.character WHERE c.name = $1 AND state = $2';
  await expect.poll(async () => (await database.query(offline, [name, 'offline'])).length, { timeout: 20_000 }).toBe(1);
  await database.query('UPDATE checkpoints SET x_mm = $2, y_mm = $3 WHERE character = $1', [
    await characterOf(name),
    Math.round(counter.x * 1_000),
    Math.round(counter.y * 1_000),
  ]);
  return to.join(name, first.session());
}

/** Nothing but that nothing is decided now, and when to ask again. */
function expectPutOff(outcome: Outcome): asserts outcome is Extract<Outcome, { ok: false }> {
  expect(outcome).toMatchObject({ ok: false, code: 'journal_unreachable', retry: 'later' });
  expect(outcome.ok ? 0 : outcome.retryAfterMs).toBeGreaterThan(0);
}

/** What the API answers while it cannot ask the database. */
async function expectUnavailable(answer: Response): Promise<void> {
  expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([503, 'application/problem+json']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ code: 'backend_unreachable', status: 503 });
}

/** Asked again by the same key, as soon as it is decided. */
async function repeated(outcome: Outcome): Promise<Outcome> {
  let last = outcome;
  await expect
    .poll(
      async () => {
        if (!last.ok && last.code === 'journal_unreachable') last = await last.again();
        return last.ok;
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  return last;
}

/** One speaks and walks; the other hears it, and sees it. */
async function heardAndSeen(one: Player, other: Player): Promise<void> {
  const heard: string[] = [];
  const stop = other.on('speech', ({ from, text }) => {
    if (from === one.me?.id) heard.push(text);
  });
  await expect
    .poll(() => {
      one.send.say({ text: 'still here' });
      return heard.length;
    })
    .toBeGreaterThan(0);
  stop();
  const seen = (): { x: number; y: number } => {
    other.update();
    return { ...(other.entity(one.me?.id as never)?.position ?? { x: 0, y: 0 }) };
  };
  const from = seen();
  one.send.walk({ towards: 0, pace: 'walk' });
  await expect.poll(() => metres(seen(), from), { timeout: 20_000 }).toBeGreaterThan(0.5);
  one.send.walk({ towards: 0, pace: 'stand' });
}

const status = async (to: TestTown, path: string): Promise<number> => (await fetch(`${to.url}${path}`)).status;

describe.each<Outage>(['killed', 'frozen'])('[WO21] while the database is %s', (how) => {
  it('the world goes on, what must last is put off or waits, and all recovers by itself', async () => {
    town = await TestTown.open(outage.url, patience);
    const open = town;
    const names = ['Ann', 'Bob', 'Cat', 'Dan'].map((name) => `${name} ${how}`) as [string, string, string, string];
    const [ann, bob] = await Promise.all([atTheStall(open, names[0]), atTheStall(open, names[1])]);
    const [cat, dan] = await Promise.all([open.join(names[2]), open.join(names[3])]);
    await makeOwner(names[0]);
    // A stall is filled in the first moments of a world.
    const buy = () => ann.player.buy({ stall: stall.name, kind: stall.wares[0], price: ASKS[0] });
    await expect.poll(async () => (await buy()).ok, { timeout: 20_000 }).toBe(true);
    expect(await ann.player.trade({ with: idOf(bob.player) })).toMatchObject({ ok: true });
    const before = [ann.player.purse, bob.player.purse];

    await outage.take(how);
    // Sent before anybody knew: done once, or put off; never both, never lost.
    const first = ann.player.give({ to: idOf(bob.player), money: 1, items: [] });
    await heardAndSeen(ann.player, bob.player);
    await expectUnavailable(await open.get('/api/characters', ann.session()));
    await expectUnavailable(await open.get('/api/admin/players?words=Ann', ann.session()));
    expect([await status(open, '/healthz'), await status(open, '/readyz')]).toEqual([200, 200]);

    const newcomer: Waiting[] = [];
    const eve = open.come(`Eve ${how}`, '', newcomer);
    await expect.poll(() => newcomer.at(-1)?.why, { timeout: 20_000 }).toBe('unreachable');
    expect(newcomer.at(-1)).toMatchObject({ estimateMs: null, position: 1 });
    dan.player.reconnect();
    await expect
      .poll(() => [dan.player.state, dan.waits.at(-1)?.why], { timeout: 20_000 })
      .toEqual(['waiting', 'unreachable']);
    cat.player.send.walk({ towards: 0, pace: 'run' });
    const from = at(cat.player);
    await expect.poll(() => metres(at(cat.player), from), { timeout: 20_000 }).toBeGreaterThan(2);
    const left = at(cat.player);
    cat.player.close();

    const given = await bob.player.give({ to: idOf(ann.player), money: 2, items: [] });
    const bought = await ann.player.buy({ stall: stall.name, kind: stall.wares[1], price: ASKS[1] });
    for (const outcome of [given, bought]) expectPutOff(outcome);
    await ann.player.ask.offer({ seen: ann.player.table?.version ?? 0, money: 3, items: [] });
    await expect.poll(() => bob.player.table?.theirs.money).toBe(3);
    const version = bob.player.table?.version ?? 0;
    const both = [ann, bob].map(({ player }) => player.ask.accept({ seen: version }));
    for (const outcome of await Promise.all(both)) expectPutOff(outcome);
    await heardAndSeen(bob.player, ann.player);
    expect([ann.player.purse, bob.player.purse, ann.player.table]).toEqual([...before, null]);
    expect([ann.player.state, bob.player.state, ann.troubles, bob.troubles]).toEqual(['playing', 'playing', [], []]);

    await outage.giveBack();
    const again = [await repeated(given), await repeated(bought), await first];
    expect(again.slice(0, 2)).toMatchObject([{ ok: true }, { ok: true }]);
    const paid = again[2]?.ok === true ? 1 : 0;
    if (paid === 0) expectPutOff(again[2] as Outcome);
    const purses = [before[0] as number, before[1] as number] as const;
    await expect
      .poll(() => [ann.player.purse, bob.player.purse])
      .toEqual([purses[0] - paid + 2 - ASKS[1], purses[1] + paid - 2]);
    expect((await eve).player.state).toBe('playing');
    await expect.poll(() => dan.player.state, { timeout: 20_000 }).toBe('playing');
    await expect.poll(async () => metres(await keptOf(names[2]), left), { timeout: 20_000 }).toBeLessThan(1.5);
    await expect
      .poll(async () => metres(await keptOf(names[0]), at(ann.player)), { timeout: 20_000 })
      .toBeLessThan(0.1);
    await expect.poll(async () => (await open.get('/api/admin/players?words=Ann', ann.session())).status).toBe(200);
    expect([ann.player.state, bob.player.state, ann.troubles, bob.troubles]).toEqual(['playing', 'playing', [], []]);
    expect(await database.query('SELECT FROM characters WHERE frozen_at IS NOT NULL')).toEqual([]);
    expect(await database.query('SELECT sum(amount)::int AS sum FROM balances')).toEqual([{ sum: 0 }]);
  });
});
