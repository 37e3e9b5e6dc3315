import { quantile } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { TestGateways } from './test-gateways.ts';

const STRIKE_MS = 60_000;

/** So many in the world by the first of the gateways, at the moment of the strike; each is told of all. */
async function crowd(players: number, ...names: readonly string[]): Promise<TestGateways> {
  const gateways = new TestGateways(1, ...names);
  gateways.told = names.map((name) => `https://${name}.example`);
  for (let i = 0; i < players; i++) gateways.come(names[0] as string);
  await gateways.time.until(STRIKE_MS);
  expect(gateways.guests.every(({ at }) => at?.gateway === names[0])).toBe(true);
  return gateways;
}

const share = (gateways: TestGateways, name: string): number =>
  gateways.guests.filter(({ at }) => at?.gateway === name).length / gateways.guests.length;

/** For each: from the strike until they were back. */
const backMs = ({ guests }: TestGateways): number[] =>
  guests.map(({ at }) => (at === null ? Number.POSITIVE_INFINITY : at.ms - STRIKE_MS));

it('those who lose a gateway come back by the others within a second or so, spread over it and over them', async () => {
  const gateways = await crowd(1_000, 'a', 'b', 'c');
  gateways.becomes('a', 'gone');
  await gateways.time.until(STRIKE_MS + 5_000);
  const back = backMs(gateways);
  expect(quantile(back, 1)).toBeLessThan(1_100);
  expect(quantile(back, 0.5)).toBeGreaterThan(400);
  expect(share(gateways, 'b')).toBeGreaterThan(0.4);
  expect(share(gateways, 'c')).toBeGreaterThan(0.4);
  const tries = gateways.asked.filter(({ atMs }) => atMs >= STRIKE_MS);
  expect(tries.filter(({ gateway }) => gateway === 'a')).toEqual([]);
  expect(tries).toHaveLength(1_000);
  expect(new Set(tries.map(({ session }) => session))).toEqual(new Set(['s']));
});

it('one that is gone too costs no time, and each of them is left alone by itself', async () => {
  const gateways = await crowd(500, 'a', 'b', 'c');
  gateways.becomes('b', 'gone');
  gateways.becomes('a', 'gone');
  await gateways.time.until(STRIKE_MS + 5_000);
  expect(quantile(backMs(gateways), 1)).toBeLessThan(1_100);
  expect(share(gateways, 'c')).toBe(1);
});

it('when all are gone for four seconds, they are asked less and less often, and all come back by the first that is there', async () => {
  const gateways = await crowd(300, 'a', 'b');
  gateways.becomes('b', 'gone');
  gateways.becomes('a', 'gone');
  await gateways.time.until(STRIKE_MS + 4_000);
  gateways.becomes('b', 'well');
  await gateways.time.until(STRIKE_MS + 20_000);
  expect(share(gateways, 'b')).toBe(1);
  const asked = (fromMs: number, untilMs: number): number =>
    gateways.asked.filter(({ atMs }) => atMs >= STRIKE_MS + fromMs && atMs < STRIKE_MS + untilMs).length / 300;
  const perSecond = [asked(0, 1_000), asked(1_000, 2_000), asked(2_000, 3_000), asked(3_000, 4_000)];
  expect(perSecond).toEqual(perSecond.toSorted((one, other) => other - one));
  expect(asked(0, 1_000)).toBeLessThan(5);
  expect(asked(3_000, 4_000)).toBeLessThan(2);
});

it('a gateway that takes questions and says nothing is left after three seconds for one that has not been asked', async () => {
  const gateways = await crowd(20, 'a', 'b', 'c');
  gateways.becomes('b', 'mute');
  gateways.becomes('a', 'gone');
  await gateways.time.until(STRIKE_MS + 10_000);
  expect(share(gateways, 'c')).toBe(1);
  expect(quantile(backMs(gateways), 1)).toBeLessThan(4_300);
  expect(quantile(backMs(gateways), 1)).toBeGreaterThan(3_000);
});

it('a gateway that falls silent while one plays is left as well', async () => {
  const gateways = await crowd(20, 'a', 'b');
  gateways.becomes('a', 'mute');
  await gateways.time.until(STRIKE_MS + 10_000);
  expect(share(gateways, 'b')).toBe(1);
});

it('one that stops sends its players to the others; what concerns the player alone, or everybody, does not', async () => {
  const gateways = await crowd(50, 'a', 'b');
  const [serverStopping, tooSlow, worldFull] = [4040, 4008, 4041];
  gateways.becomes('a', tooSlow);
  gateways.becomes('a', 'well');
  await gateways.time.until(STRIKE_MS + 1_000);
  expect(share(gateways, 'a')).toBe(1);
  gateways.becomes('a', worldFull);
  gateways.becomes('a', 'well');
  await gateways.time.until(STRIKE_MS + 5_000);
  expect(share(gateways, 'a')).toBe(1);
  gateways.becomes('a', serverStopping);
  gateways.becomes('a', 'well');
  await gateways.time.until(STRIKE_MS + 10_000);
  expect(share(gateways, 'b')).toBe(1);
});

it('one that ends connections again and again is left for another one', async () => {
  const gateways = await crowd(20, 'a', 'b');
  const zoneUnreachable = 4042;
  gateways.becomes('a', zoneUnreachable);
  await gateways.time.until(STRIKE_MS + 5_000);
  expect(share(gateways, 'b')).toBe(1);
});

it('a refusal for good by one is none by all, and that by the last one is the end', async () => {
  const gateways = await crowd(5, 'a', 'b');
  const versionUnsupported = 4005;
  gateways.becomes('a', versionUnsupported);
  await gateways.time.until(STRIKE_MS + 5_000);
  expect(share(gateways, 'b')).toBe(1);
  gateways.told = null;
  gateways.becomes('b', versionUnsupported);
  await gateways.time.until(STRIKE_MS + 10_000);
  expect(gateways.guests.map(({ ended }) => ended)).toEqual(Array(5).fill(['version_unsupported']));
});

it('several are given: each begins with any of them, and goes on to the next at once', async () => {
  const gateways = new TestGateways(1, 'a', 'b', 'c');
  gateways.becomes('c', 'gone');
  for (let i = 0; i < 300; i++) gateways.come('a', 'b', 'c');
  await gateways.time.until(50);
  expect(share(gateways, 'a')).toBeGreaterThan(0.4);
  expect(share(gateways, 'b')).toBeGreaterThan(0.4);
});

it('who plays learns of a gateway that has come since, and comes back by it', async () => {
  const gateways = new TestGateways(1, 'a', 'b');
  for (let i = 0; i < 10; i++) gateways.come('a');
  await gateways.time.until(200);
  gateways.told = ['https://a.example', 'https://b.example'];
  await gateways.time.until(62_000);
  gateways.becomes('a', 'gone');
  await gateways.time.until(64_000);
  expect(share(gateways, 'b')).toBe(1);
});

it('a gateway that was away for a moment, when it was told of the others, is not forgotten', async () => {
  const gateways = new TestGateways(1, 'a', 'b');
  gateways.told = ['https://a.example', 'https://b.example'];
  for (let i = 0; i < 10; i++) gateways.come('a');
  await gateways.time.until(200);
  gateways.told = ['https://a.example'];
  await gateways.time.until(62_000);
  gateways.becomes('a', 'gone');
  await gateways.time.until(64_000);
  expect(share(gateways, 'b')).toBe(1);
});

it('who knows one only waits for it, as before', async () => {
  const gateways = new TestGateways(1, 'a');
  for (let i = 0; i < 200; i++) gateways.come('a');
  await gateways.time.until(STRIKE_MS);
  gateways.becomes('a', 'gone');
  await gateways.time.until(STRIKE_MS + 4_000);
  gateways.becomes('a', 'well');
  await gateways.time.until(STRIKE_MS + 30_000);
  expect(share(gateways, 'a')).toBe(1);
  expect(quantile(backMs(gateways), 0.99)).toBeGreaterThan(8_000);
});
