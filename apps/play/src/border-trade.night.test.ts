import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestCluster, type ZoneRow } from './test-cluster.ts';
import {
  begun,
  buySomething,
  hasOf,
  inWorld,
  launchBrowser,
  layOnTable,
  meOf,
  named,
  newProfile,
  stepIn,
  toMarket,
} from './test-town.ts';

/** Of this town the market lies about x = 64 m, where a column of cells ends. */
const AREA_M2 = 25_600;
const BORDER_M = 64;
const COLUMN = 2;
/** In which the market lies. */
const ROW = 1;
/** In one alley of the market, on either side of the border and of the metre that belongs to both. */
const places = { ann: { x: 62.3, y: 47 }, bob: { x: 65.6, y: 47 } };
const pictures = join(import.meta.dirname, '../../../test-output/pictures');

let browser: Browser;
let cluster: TestCluster;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const parts = ['--gateways', '2', '--zone-servers', '2'];
  const town = ['--residents', '20', '--area-m2', String(AREA_M2)];
  [browser, cluster] = await Promise.all([launchBrowser(), TestCluster.start(...parts, ...town)]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

/** Two zones meet at the border, each on a server of its own. Gives who has them. */
async function meetAtBorder(): Promise<{ west: string; east: string }> {
  const { zones } = await cluster.zones();
  const across = zones.find(({ x, y }) => x[0] < COLUMN && x[1] >= COLUMN && y[0] <= ROW && y[1] >= ROW);
  if (across !== undefined) {
    await cluster.zones('split', String(across.zone), '--axis', 'x', '--at', String(COLUMN));
    await settled();
  }
  const [west, east] = await neighbours();
  if (west.server !== east.server) return { west: west.server ?? '', east: east.server ?? '' };
  const other = west.server === 'zone-1' ? 'zone-2' : 'zone-1';
  await cluster.zones('move', String(east.zone), '--server', other);
  await settled();
  return { west: west.server ?? '', east: other };
}

async function settled(): Promise<void> {
  const changing = async () => (await cluster.zones()).changing;
  await expect.poll(changing, { timeout: 60_000, interval: 500 }).toBe(false);
}

/** Of the row of cells in which the market lies. */
async function neighbours(): Promise<[ZoneRow, ZoneRow]> {
  const { zones } = await cluster.zones();
  const at = (column: number) => {
    const found = zones.find(({ x, y }) => x[0] <= column && x[1] >= column && y[0] <= ROW && y[1] >= ROW);
    if (found === undefined) throw new Error(`no zone has column ${column}: ${JSON.stringify(zones)}`);
    return found;
  };
  return [at(COLUMN - 1), at(COLUMN)];
}

/** By clicks on the ground, as a player goes there. */
async function goTo(page: Page, place: { x: number; y: number }): Promise<void> {
  const tag = page.locator('.tag[data-who="me"]:not([hidden])');
  await expect
    .poll(
      async () => {
        const me = await meOf(page);
        const [dx, dy] = [place.x - me.x, place.y - me.y];
        const apart = Math.hypot(dx, dy);
        if (apart < 0.3) return apart;
        // A name stands 1.95 m above the feet, at 25 CSS pixels a metre; north is up.
        const [x = 0, y = 0] = (await tag.evaluate((it) => it.style.transform.match(/-?\d+/g) ?? [])).map(Number);
        const share = Math.min(1, 6 / apart);
        await page.mouse.click(x + dx * share * 25, y + (1.95 - dy * share) * 25);
        return apart;
      },
      { timeout: 60_000, interval: 700 },
    )
    .toBeLessThan(0.3);
}

it('two by two gateways, each in another zone, trade over the border while the server of one zone is killed', async () => {
  const { west, east } = await meetAtBorder();
  expect(new Set([west, east])).toEqual(new Set(['zone-1', 'zone-2']));
  const [one, two] = await Promise.all([newProfile(browser, sharp), newProfile(browser, sharp)]);
  const [ann, bob] = await Promise.all([one.open(cluster.urls[0] as string), two.open(cluster.urls[1] as string)]);
  await Promise.all([stepIn(ann, 'Ann'), stepIn(bob, 'Bob')]);
  await Promise.all([begun(ann), begun(bob)]);
  await Promise.all([toMarket(ann), toMarket(bob)]);
  const ware = await buySomething(bob);
  const thing = `${ware === 'apple' ? 'an' : 'a'} ${ware}`;
  for (const page of [ann, bob]) await page.keyboard.press('Escape');
  await Promise.all([goTo(ann, places.ann), goTo(bob, places.bob)]);
  for (const page of [ann, bob]) await page.keyboard.press('b');
  expect((await meOf(ann)).x).toBeLessThan(BORDER_M - 1);
  expect((await meOf(bob)).x).toBeGreaterThan(BORDER_M + 1);
  const avatars = [(await meOf(ann)).id, (await meOf(bob)).id];
  const before = [await hasOf(ann), await hasOf(bob)] as const;

  await named(bob, 'Trade with Ann').press('Enter');
  await Promise.all([ann.locator('#trade').waitFor(), bob.locator('#trade').waitFor()]);
  await layOnTable(ann, bob, thing);
  await Promise.all([
    ann.screenshot({ path: join(pictures, 'border-trade-ann.png') }),
    bob.screenshot({ path: join(pictures, 'border-trade-bob.png') }),
  ]);
  const killed = cluster.pid(west);
  cluster.kill(west);
  await ann.locator('#trade-accept').press('Enter');
  // A table is known to its zone alone: where that is gone, nobody has given anything.
  await expect
    .poll(async () => [(await hasOf(ann)).trading, (await hasOf(bob)).trading], { timeout: 30_000 })
    .toEqual([false, false]);
  await ann.screenshot({ path: join(pictures, 'border-trade-killed.png') });
  expect([await hasOf(ann), await hasOf(bob)]).toEqual(before);
  await expect.poll(() => cluster.pid(west), { timeout: 30_000 }).not.toBe(killed);

  await Promise.all([inWorld(ann), inWorld(bob)]);
  await named(bob, 'Trade with Ann').press('Enter');
  await Promise.all([ann.locator('#trade').waitFor(), bob.locator('#trade').waitFor()]);
  await layOnTable(ann, bob, thing);
  await ann.locator('#trade-accept').press('Enter');
  await bob.locator('#trade-state', { hasText: 'Ann has accepted this.' }).waitFor();
  await bob.locator('#trade-accept').press('Enter');
  await expect
    .poll(async () => [await hasOf(ann), await hasOf(bob)], { timeout: 30_000 })
    .toEqual([
      { ...before[0], purse: before[0].purse - 7, items: [ware] },
      { ...before[1], purse: before[1].purse + 7, items: [] },
    ]);
  await ann.screenshot({ path: join(pictures, 'border-trade-done.png') });
  // Nobody was let in anew: they are who they were, and stand where they stood.
  expect([(await meOf(ann)).id, (await meOf(bob)).id]).toEqual(avatars);
  expect(Math.hypot((await meOf(ann)).x - places.ann.x, (await meOf(ann)).y - places.ann.y)).toBeLessThan(1);
  expect([...one.problems, ...two.problems]).toEqual([]);
}, 240_000);

const sharp = { deviceScaleFactor: 1.5 };
