import { quantile } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { type Guest, TestGateways } from './test-gateways.ts';

const ASKED_MS = 60_000;
const [sessionReplaced, serverStopping] = [4023, 4040];

/** So many in the world by the first of the gateways; each is told of all. */
async function crowd(players: number, ...names: readonly string[]): Promise<TestGateways> {
  const gateways = new TestGateways(1, ...names);
  gateways.told = names.map((name) => `https://${name}.example`);
  for (let i = 0; i < players; i++) gateways.come(names[0] as string);
  await gateways.time.until(ASKED_MS);
  return gateways;
}

const whereabouts = ({ guests }: TestGateways): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const { at } of guests) all[at?.gateway ?? ''] = (all[at?.gateway ?? ''] ?? 0) + 1;
  return all;
};
const sum = ({ guests }: TestGateways, of: (guest: Guest) => number): number =>
  guests.reduce((all, guest) => all + of(guest), 0);

it('those who are asked go on by the others within half a second, one after the other, and lose nothing', async () => {
  const gateways = await crowd(500, 'a', 'b', 'c');
  gateways.asks('a', 10_000);
  await gateways.time.until(ASKED_MS + 1_000);
  const { b = 0, c = 0 } = whereabouts(gateways);
  expect([b + c, sum(gateways, ({ moves }) => moves), sum(gateways, ({ losses }) => losses)]).toEqual([500, 500, 0]);
  expect(Math.min(b, c)).toBeGreaterThan(200);
  const wentMs = gateways.guests.map(({ at }) => (at?.ms ?? 0) - ASKED_MS);
  expect(quantile(wentMs, 1)).toBeLessThan(300);
  expect(quantile(wentMs, 0.5)).toBeGreaterThan(80);
  const asked = gateways.asked.filter(({ atMs }) => atMs >= ASKED_MS);
  expect([asked.length, asked.every(({ session }) => session === 's')]).toEqual([500, true]);
});

it('who is asked to go to one goes there, also when that is new, or stands in the place of the one they leave', async () => {
  const gateways = await crowd(20, 'a', 'b', 'c', 'd');
  gateways.told = null;
  gateways.asks('a', 10_000, 'https://d.example');
  await gateways.time.until(ASKED_MS + 1_000);
  expect(whereabouts(gateways)).toEqual({ d: 20 });
  gateways.asks('d', 10_000, 'https://d.example');
  await gateways.time.until(ASKED_MS + 2_000);
  expect([whereabouts(gateways), sum(gateways, ({ moves }) => moves)]).toEqual([{ d: 20 }, 40]);
});

it('one that does not let in costs nothing: the connection stays, and it is tried elsewhere', async () => {
  const gateways = await crowd(200, 'a', 'b', 'c');
  gateways.becomes('b', 'gone');
  gateways.asks('a', 10_000, 'https://b.example');
  await gateways.time.until(ASKED_MS + 3_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ c: 200 }, 0]);
});

it('one that gives tickets and says nothing is left for another after three seconds', async () => {
  const gateways = await crowd(20, 'a', 'b', 'c');
  gateways.becomes('b', 'mute');
  gateways.asks('a', 10_000, 'https://b.example');
  await gateways.time.until(ASKED_MS + 2_900);
  expect(whereabouts(gateways)).toEqual({ a: 20 });
  await gateways.time.until(ASKED_MS + 6_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ c: 20 }, 0]);
});

it('while there is nowhere to go, it is tried less and less often, and when the gateway stops, all is as without being asked', async () => {
  const gateways = await crowd(50, 'a', 'b');
  gateways.becomes('b', 'gone');
  gateways.asks('a', 5_000);
  await gateways.time.until(ASKED_MS + 19_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ a: 50 }, 0]);
  const tries = (fromMs: number, untilMs: number): number =>
    gateways.asked.filter(({ atMs }) => atMs >= ASKED_MS + fromMs && atMs < ASKED_MS + untilMs).length;
  expect(tries(0, 5_000)).toBeGreaterThan(tries(10_000, 15_000));
  gateways.becomes('a', serverStopping);
  gateways.becomes('b', 'well');
  await gateways.time.until(ASKED_MS + 40_000);
  expect(whereabouts(gateways)).toEqual({ b: 50 });
});

it('one that only suits them better is not tried any more when the time is over', async () => {
  const gateways = await crowd(50, 'a', 'b');
  gateways.becomes('b', 'gone');
  gateways.asks('a', 5_000, 'https://b.example', 'better');
  await gateways.time.until(ASKED_MS + 6_000);
  gateways.becomes('b', 'well');
  await gateways.time.until(ASKED_MS + 20_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ a: 50 }, 0]);
});

it('a gateway that comes while they wait is gone to, when they know it, and when they do not', async () => {
  const gateways = await crowd(50, 'a');
  gateways.asks('a', 20_000);
  await gateways.time.until(ASKED_MS + 2_000);
  gateways.told = ['https://a.example', 'https://b.example'];
  gateways.becomes('b', 'well');
  await gateways.time.until(ASKED_MS + 10_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ b: 50 }, 0]);
});

/** By one gateway, which tells of no other, lets nobody in any more, and asks all to go on by `b`. */
async function sentTo(mood: 'gone' | 'full'): Promise<TestGateways> {
  const gateways = await crowd(50, 'a');
  gateways.told = null;
  gateways.becomes('b', mood);
  gateways.becomes('a', 'shut');
  gateways.asks('a', 10_000, 'https://b.example');
  return gateways;
}

it('one that is named and not there yet is tried again, also when nobody else tells of it any more', async () => {
  const gateways = await sentTo('gone');
  await gateways.time.until(ASKED_MS + 500);
  expect(whereabouts(gateways)).toEqual({ a: 50 });
  gateways.becomes('b', 'well');
  await gateways.time.until(ASKED_MS + 20_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ b: 50 }, 0]);
});

it('one that was named is known when the connection ends, too', async () => {
  const gateways = await sentTo('gone');
  await gateways.time.until(ASKED_MS + 500);
  gateways.becomes('a', 'gone');
  gateways.becomes('b', 'well');
  await gateways.time.until(ASKED_MS + 20_000);
  expect(whereabouts(gateways)).toEqual({ b: 50 });
});

it('one that lets nobody in yet tells of others, and they are gone to', async () => {
  const gateways = await sentTo('full');
  gateways.becomes('c', 'well');
  gateways.told = ['https://b.example', 'https://c.example'];
  await gateways.time.until(ASKED_MS + 60_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ c: 50 }, 0]);
});

it('a second connection that breaks when the first has ended is a loss, and they come back', async () => {
  const gateways = await crowd(50, 'a', 'b', 'c');
  gateways.asks('a', 10_000, 'https://b.example');
  // Whoever has said their first words there by then.
  await gateways.time.until(ASKED_MS + 100);
  const [gone, went] = [sum(gateways, ({ moves }) => moves), gateways.guests.length];
  gateways.becomes('b', 'gone');
  await gateways.time.until(ASKED_MS + 20_000);
  expect([gone > 5, gone < went, whereabouts(gateways).b]).toEqual([true, true, undefined]);
  expect(gateways.guests.every(({ at }) => at !== null)).toBe(true);
  expect(sum(gateways, ({ losses }) => losses)).toBeGreaterThanOrEqual(gone);
});

it('who is replaced while they move has ended, whatever becomes of the second connection', async () => {
  const gateways = await crowd(20, 'a', 'b');
  gateways.asks('a', 10_000);
  await gateways.time.until(ASKED_MS + 100);
  gateways.becomes('a', sessionReplaced);
  await gateways.time.until(ASKED_MS + 5_000);
  const replaced = gateways.guests.filter(({ moves }) => moves === 0);
  expect(replaced.length).toBeGreaterThan(3);
  expect(replaced.every(({ ended }) => ended.join() === 'session_replaced')).toBe(true);
});

it('who leaves while they move is gone by both', async () => {
  const gateways = await crowd(5, 'a', 'b');
  gateways.asks('a', 10_000);
  for (const { link } of gateways.guests) link.close();
  await gateways.time.until(ASKED_MS + 5_000);
  expect([sum(gateways, ({ moves }) => moves), gateways.asked.filter(({ atMs }) => atMs >= ASKED_MS)]).toEqual([0, []]);
});

it('who is told with the ticket which one is better comes in there, and still knows the other', async () => {
  const gateways = new TestGateways(1, 'a', 'b');
  gateways.better = 'https://b.example';
  gateways.come('a');
  await gateways.time.until(1_000);
  expect([whereabouts(gateways), gateways.asked.map(({ gateway }) => gateway)]).toEqual([{ b: 1 }, ['a']]);
  gateways.better = null;
  gateways.becomes('b', 'gone');
  await gateways.time.until(3_000);
  expect(whereabouts(gateways)).toEqual({ a: 1 });
});

it('who goes to a better one comes back by the one before without waiting, when that is lost', async () => {
  const gateways = await crowd(20, 'a', 'b');
  gateways.asks('a', 10_000, 'https://b.example', 'better');
  await gateways.time.until(ASKED_MS + 1_000);
  expect(whereabouts(gateways)).toEqual({ b: 20 });
  gateways.becomes('b', 'gone');
  await gateways.time.until(ASKED_MS + 2_100);
  expect(whereabouts(gateways)).toEqual({ a: 20 });
});

it('who is asked to go to a better one goes there or nowhere', async () => {
  const gateways = await crowd(20, 'a', 'b', 'c');
  gateways.becomes('b', 'gone');
  gateways.asks('a', 10_000, 'https://b.example', 'better');
  await gateways.time.until(ASKED_MS + 12_000);
  expect([whereabouts(gateways), sum(gateways, ({ losses }) => losses)]).toEqual([{ a: 20 }, 0]);
});
