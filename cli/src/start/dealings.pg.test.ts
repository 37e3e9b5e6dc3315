import { migrations } from '@lifeverse/backend';
import { migrate } from '@lifeverse/node-kit';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { stallsOf } from '@lifeverse/town';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, type Player, TestTown } from './test-town.ts';

const { database, url: databaseUrl } = await testDatabase();
await migrate(database, migrations);

let town: TestTown;
beforeEach(async () => {
  town = await TestTown.open(databaseUrl);
});
afterEach(() => town.close());

/** In town, with what everyone has to begin with. */
async function join(name: string, session?: string): Promise<Player & { readonly session: string }> {
  const guest = await town.join(name, session);
  return Object.assign(guest.player, { session: guest.session() });
}

/** Walks up to a point, as a player would, around nothing: the way has to be free. */
async function walkTo(player: Player, to: { x: number; y: number }, nearM: number): Promise<void> {
  await expect
    .poll(
      () => {
        const { x, y } = at(player);
        const left = Math.hypot(to.x - x, to.y - y);
        if (left > nearM)
          player.send.walk({ towards: Math.atan2(to.y - y, to.x - x), pace: left > 6 ? 'run' : 'walk' });
        else player.send.walk({ towards: 0, pace: 'stand' });
        return left;
      },
      { interval: 60, timeout: 20_000 },
    )
    .toBeLessThan(nearM);
}

/** Two who stand beside one another. */
async function pair() {
  const [ann, bob] = await Promise.all([join('Ann'), join('Bob')]);
  await walkTo(ann, at(bob), 3);
  return { ann, bob, annId: ann.me?.id as never, bobId: bob.me?.id as never };
}

const sums = async () =>
  (await database.query<{ sum: bigint }>('SELECT sum(amount)::bigint AS sum FROM balances'))[0]?.sum;

describe('through gateway, zone, backend and PostgreSQL', () => {
  it('everyone begins with coins, once; what is given is given, and kept over a restart of everything', async () => {
    const { ann, bob, bobId } = await pair();
    expect([ann.purse, bob.purse]).toEqual([50, 50]);
    expect(await ann.give({ to: bobId, money: 20, items: [] })).toMatchObject({ ok: true });
    expect([ann.purse, ann.pending]).toEqual([30, 0]);
    await expect.poll(() => bob.purse).toBe(70);
    expect(await ann.give({ to: bobId, money: 31, items: [] })).toMatchObject({ code: 'money_short' });
    const { session } = ann;
    await town.close();
    town = await TestTown.open(databaseUrl);
    const again = await join('Ann', session);
    expect(again.purse).toBe(30);
    expect(await sums()).toBe(0n);
  });

  it('two trade: both see the same, one changes their mind, both accept at once, all changes hands', async () => {
    const { ann, bob, annId, bobId } = await pair();
    expect(await ann.trade({ with: bobId })).toMatchObject({ ok: true });
    await expect.poll(() => bob.table?.with).toBe(annId);
    expect(await ann.ask.offer({ seen: ann.table?.version ?? 0, money: 8, items: [] })).toMatchObject({ ok: true });
    await expect.poll(() => bob.table?.theirs.money).toBe(8);
    const early = bob.ask.accept({ seen: bob.table?.version ?? 0 });
    await expect.poll(() => ann.table?.theyAccept).toBe(true);
    const before = ann.table?.version ?? 0;
    expect(await ann.ask.offer({ seen: before, money: 9, items: [] })).toMatchObject({ ok: true });
    expect(await early).toMatchObject({ ok: false, code: 'offer_changed' });
    expect(await bob.ask.accept({ seen: before })).toMatchObject({ ok: false, code: 'offer_changed' });
    await expect.poll(() => bob.table?.version).toBe(before + 1);
    const both = await Promise.all([ann.ask.accept({ seen: before + 1 }), bob.ask.accept({ seen: before + 1 })]);
    expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    await expect.poll(() => [ann.purse, bob.purse, ann.table, bob.table]).toEqual([41, 59, null, null]);
    expect(await sums()).toBe(0n);
  });

  it('one is cut off after accepting: nothing has changed hands, both are told, and can trade anew', async () => {
    const { ann, bob, bobId } = await pair();
    await ann.trade({ with: bobId });
    await ann.ask.offer({ seen: ann.table?.version ?? 0, money: 8, items: [] });
    const accepted = ann.ask.accept({ seen: ann.table?.version ?? 0 });
    await expect.poll(() => bob.table?.theyAccept).toBe(true);
    ann.reconnect();
    expect(await accepted).toMatchObject({ ok: false, code: 'trade_closed' });
    await expect.poll(() => bob.table).toBeNull();
    expect([ann.purse, bob.purse]).toEqual([50, 50]);
  });

  it('asked on a connection that dies is answered on the next one, and done once', async () => {
    const { ann, bob, bobId } = await pair();
    const given = ann.give({ to: bobId, money: 5, items: [] });
    ann.reconnect();
    expect(await given).toMatchObject({ ok: true });
    await expect.poll(() => [ann.purse, bob.purse]).toEqual([45, 55]);
  });

  it("bad input: out of reach, what is not one's own, what nobody knows, and amounts that are none", async () => {
    const { ann, bob, bobId } = await pair();
    const stall = stallsOf()[0] as NonNullable<ReturnType<typeof stallsOf>[0]>;
    const deal = { stall: stall.name, kind: 'apple' };
    const loaf = { id: 4_711, kind: 'bread' } as const;
    expect(await ann.buy({ ...deal, price: 2 })).toMatchObject({ ok: false, code: 'out_of_reach' });
    expect(await ann.buy({ ...deal, stall: '__proto__', price: 2 })).toMatchObject({ code: 'target_unknown' });
    expect(await ann.drop({ item: 4_711 })).toMatchObject({ ok: false, code: 'item_not_yours' });
    expect(await ann.give({ to: bobId, money: 0, items: [loaf] })).toMatchObject({ code: 'item_not_yours' });
    expect(await ann.give({ to: bobId, money: 0, items: [] })).toMatchObject({ code: 'request_invalid' });
    expect(await ann.give({ to: ann.me?.id as never, money: 1, items: [] })).toMatchObject({ code: 'target_unknown' });
    await expect(ann.give({ to: bobId, money: -1, items: [] })).rejects.toThrow(RangeError);
    await expect(ann.give({ to: bobId, money: 2 ** 53, items: [] })).rejects.toThrow(RangeError);
    expect([ann.purse, bob.purse]).toEqual([50, 50]);
    expect(await sums()).toBe(0n);
  });
});

describe('who is in view', () => {
  it('is where they are from the moment they enter, before a frame is drawn, and enters once', async () => {
    const { ann, bob, annId } = await pair();
    const heard: { readonly what: string; readonly apart?: number }[] = [];
    const apart = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
      Math.hypot(a.x - b.x, a.y - b.y);
    bob.on('leave', (id) => {
      if (id === annId) heard.push({ what: 'leave' });
    });
    bob.on('enter', (id) => {
      if (id === annId)
        heard.push({ what: 'enter', apart: apart(bob.entity(id)?.position ?? { x: 0, y: 0 }, at(ann)) });
    });
    const before = at(bob);
    bob.reconnect();
    // No frame is drawn for Bob from here on.
    await expect.poll(() => heard.length).toBe(2);
    await expect.poll(() => bob.state).toBe('playing');
    expect(heard.map(({ what }) => what)).toEqual(['leave', 'enter']);
    expect(heard[1]?.apart).toBeLessThan(1);
    expect(apart(bob.me?.position ?? { x: 0, y: 0 }, before)).toBeLessThan(0.1);
  });
});
