import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds } from './test-axe.ts';
import {
  buySomething,
  hasOf,
  inWorld,
  meOf,
  named,
  newProfile,
  sharedBrowser,
  smallPhone,
  startServer,
  stepIn,
  type TestServer,
  toMarket,
  unreachable,
} from './test-town.ts';

let browser: Browser;
let town: TestServer;

beforeAll(async () => {
  [browser, town] = await Promise.all([sharedBrowser(), startServer('--residents', '0', '--area-m2', '14400')]);
});

afterAll(async () => {
  await town?.stop();
});

const begun = (page: Page) => expect.poll(() => hasOf(page), { timeout: 20_000 }).toMatchObject({ purse: 50 });

/** Clicks on what lies at one's own feet. */
async function clickAtFeet(page: Page): Promise<void> {
  // Where a name stands, 1.95 m above the feet, at 25 CSS pixels a metre.
  const name = page.locator('.tag[data-who="me"]:not([hidden])');
  const [x = 0, y = 0] = (await name.evaluate((tag) => tag.style.transform.match(/-?\d+/g) ?? [])).map(Number);
  await page.mouse.click(x, y + 1.95 * 25);
}

/** Ann offers coins for the thing that Bob has, and Bob that. */
async function layOnTable(ann: Page, bob: Page, thing: string): Promise<void> {
  await ann.locator('#trade-money').fill('7');
  await ann.locator('#trade-money').press('Enter');
  await bob.locator('#trade-theirs', { hasText: 'Ann gives 7 coins.' }).waitFor();
  await bob.locator('#trade-items input').check();
  await named(bob, 'Lay this on the table').press('Enter');
  await ann.locator('#trade-theirs', { hasText: `Bob gives ${thing}.` }).waitFor();
}

/** Puts down the one thing that one has, picks it up with the pointer, and sells it to the stall. */
async function picksUpAndSells(page: Page, thing: string): Promise<void> {
  const status = (words: string) => page.locator('#things-status', { hasText: words }).waitFor();
  await named(page, `Put down ${thing}`).press('Enter');
  await status(`You have put down ${thing}.`);
  await named(page, `Pick up ${thing}`).waitFor();
  await page.keyboard.press('Escape');
  await clickAtFeet(page);
  await status(`You have picked up ${thing}.`);
  await page.keyboard.press('b');
  const { purse } = await hasOf(page);
  const sell = page.locator('#things-mine button', { hasText: /^Sell for/ });
  const pays = Number((await sell.textContent())?.match(/\d+/)?.[0]);
  await sell.press('Enter');
  await status(`You have sold ${thing} for ${pays} coin`);
  await expect.poll(() => hasOf(page)).toEqual({ purse: purse + pays, items: [], trading: false });
}

describe('two pages at the market, one of them a small phone', () => {
  it('one buys and puts down, the other picks up; they trade by keyboard; one is killed at the table, and both are right after a reload', async () => {
    const [one, two] = await Promise.all([newProfile(browser), newProfile(browser, smallPhone)]);
    const [a, b] = await Promise.all([one.open(town.url), two.open(town.url)]);
    await Promise.all([stepIn(a, 'Ann'), stepIn(b, 'Bob')]);
    await Promise.all([begun(a), begun(b)]);
    await Promise.all([toMarket(a), toMarket(b)]);

    const ware = await buySomething(a);
    const thing = `${ware === 'apple' ? 'an' : 'a'} ${ware}`;
    expect([await axeFinds(a), await axeFinds(b), await unreachable(b, '#things')]).toEqual([[], [], []]);
    const bought = await hasOf(a);
    expect([bought.items, bought.purse < 50]).toEqual([[ware], true]);
    await named(a, `Put down ${thing}`).press('Enter');
    await a.locator('#things-status', { hasText: 'You have put down' }).waitFor();
    await named(b, `Pick up ${thing}`).press('Enter');
    await b.locator('#things-status', { hasText: 'You have picked up' }).waitFor();
    await expect.poll(async () => [(await hasOf(a)).items, (await hasOf(b)).items]).toEqual([[], [ware]]);

    // Bob asks; both see the table; Ann offers coins for what Bob has.
    await named(b, 'Trade with Ann').press('Enter');
    await Promise.all([a.locator('#trade').waitFor(), b.locator('#trade').waitFor()]);
    expect(await a.locator('#trade-title').textContent()).toBe('Trade with Bob');
    await a.keyboard.press('t');
    await layOnTable(a, b, thing);
    expect([await axeFinds(a), await axeFinds(b), await unreachable(b, '#trade')]).toEqual([[], [], []]);

    // Ann accepts, and her page dies before Bob does: nothing has changed hands.
    await a.locator('#trade-accept').press('Enter');
    await a.locator('#trade-state', { hasText: 'Waiting for Bob' }).waitFor();
    await b.locator('#trade-state', { hasText: 'Ann has accepted this.' }).waitFor();
    const before = await hasOf(a);
    await a.close();
    await b.locator('#trade').waitFor({ state: 'hidden' });
    const again = await one.open(town.url);
    await again.locator('#join-form').or(again.locator('body[data-stage="playing"]')).first().waitFor();
    if (await again.locator('#join-form').isVisible()) await stepIn(again, 'Ann');
    await inWorld(again);
    await expect.poll(() => hasOf(again), { timeout: 20_000 }).toEqual({ ...before, trading: false });
    expect((await hasOf(b)).items).toEqual([ware]);

    // And now they do it.
    await expect.poll(async () => (await meOf(again)).name).toBe('Ann');
    await again.keyboard.press('b');
    await named(again, 'Trade with Bob').press('Enter');
    await layOnTable(again, b, thing);
    await again.locator('#trade-accept').press('Enter');
    await b.locator('#trade-state', { hasText: 'Ann has accepted this.' }).waitFor();
    const bobBefore = await hasOf(b);
    await b.locator('#trade-accept').press('Enter');
    await b.locator('#things-status', { hasText: 'Done. You gave' }).waitFor();
    await b.reload();
    await inWorld(b);
    await expect
      .poll(async () => [await hasOf(again), await hasOf(b)], { timeout: 20_000 })
      .toEqual([
        { purse: before.purse - 7, items: [ware], trading: false },
        { purse: bobBefore.purse + 7, items: [], trading: false },
      ]);

    await picksUpAndSells(again, thing);
    expect([...one.problems, ...two.problems]).toEqual([]);
  }, 240_000);
});
