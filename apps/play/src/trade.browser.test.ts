import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inWorld, launchBrowser, meOf, newProfile, startServer, stepIn, type TestServer } from './test-town.ts';

let browser: Browser;
let town: TestServer;

beforeAll(async () => {
  [browser, town] = await Promise.all([launchBrowser(), startServer('--residents', '0')]);
});

afterAll(async () => {
  await browser?.close();
  await town?.stop();
});

interface Having {
  readonly lifeverse: {
    readonly client: {
      readonly purse: number;
      readonly items: readonly { readonly kind: string }[];
      readonly table: object | null;
    } | null;
  };
}

/** What the page's player has: coins, and kinds of things. */
function hasOf(page: Page): Promise<{ purse: number; items: string[]; trading: boolean }> {
  return page.evaluate(() => {
    const client = (globalThis as unknown as Having).lifeverse.client;
    return {
      purse: client?.purse ?? -1,
      items: (client?.items ?? []).map(({ kind }) => kind).sort(),
      trading: client !== null && client.table !== null,
    };
  });
}

const begun = (page: Page) => expect.poll(() => hasOf(page), { timeout: 20_000 }).toMatchObject({ purse: 50 });
const named = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Goes to the market by the panel's own button, to the end of the way: both then stand before the same stall. */
async function toMarket(page: Page): Promise<void> {
  await page.keyboard.press('b');
  await page.locator('#things').waitFor();
  const there = page.locator('#things-stall-title', { hasText: 'The stall before you' });
  const walk = named(page, 'Walk to the market');
  await walk.press('Enter');
  for (let from = { x: 0, y: 0 }, still = 0; still < 3 || (await there.count()) === 0; ) {
    const now = await meOf(page);
    still = Math.hypot(now.x - from.x, now.y - from.y) < 0.01 ? still + 1 : 0;
    from = now;
    // Who was stopped on the way sets out again, as a player would.
    if (still >= 3 && (await walk.isVisible())) {
      await walk.press('Enter');
      still = 0;
    }
    for (let frame = 0; frame < 10; frame++)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Buys what the stall before one has most of, by keyboard; returns what it was. */
async function buySomething(page: Page): Promise<string> {
  const button = page.locator('#things-stall button').first();
  const name = (await button.getAttribute('aria-label')) ?? '';
  await button.press('Enter');
  await page.locator('#things-status', { hasText: 'You have bought' }).waitFor();
  return / an? (\w+) for/.exec(name)?.[1] ?? '';
}

describe('two pages at the market', () => {
  it('one buys and puts down, the other picks up; they trade by keyboard; one is killed at the table, and both are right after a reload', async () => {
    const [one, two] = await Promise.all([newProfile(browser), newProfile(browser)]);
    const [a, b] = await Promise.all([one.open(town.url), two.open(town.url)]);
    await Promise.all([stepIn(a, 'Ann'), stepIn(b, 'Bob')]);
    await Promise.all([begun(a), begun(b)]);
    await Promise.all([toMarket(a), toMarket(b)]);

    const ware = await buySomething(a);
    const bought = await hasOf(a);
    expect([bought.items, bought.purse < 50]).toEqual([[ware], true]);
    await named(a, `Put down ${ware === 'apple' ? 'an' : 'a'} ${ware}`).press('Enter');
    await a.locator('#things-status', { hasText: 'You have put down' }).waitFor();
    await named(b, `Pick up ${ware === 'apple' ? 'an' : 'a'} ${ware}`).press('Enter');
    await b.locator('#things-status', { hasText: 'You have picked up' }).waitFor();
    await expect.poll(async () => [(await hasOf(a)).items, (await hasOf(b)).items]).toEqual([[], [ware]]);

    // Bob asks; both see the table; Ann offers coins for what Bob has.
    await named(b, 'Trade with Ann').press('Enter');
    await Promise.all([a.locator('#trade').waitFor(), b.locator('#trade').waitFor()]);
    expect(await a.locator('#trade-title').textContent()).toBe('Trade with Bob');
    await a.keyboard.press('t');
    await a.locator('#trade-money').fill('7');
    await a.locator('#trade-money').press('Enter');
    await b.locator('#trade-theirs', { hasText: 'Ann gives 7 coins.' }).waitFor();
    await b.locator('#trade-items input').check();
    await named(b, 'Lay this on the table').press('Enter');
    await a.locator('#trade-theirs', { hasText: `Bob gives ${ware === 'apple' ? 'an' : 'a'} ${ware}.` }).waitFor();

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
    await again.locator('#trade-money').fill('7');
    await again.locator('#trade-money').press('Enter');
    await b.locator('#trade-theirs', { hasText: 'Ann gives 7 coins.' }).waitFor();
    await b.locator('#trade-items input').check();
    await named(b, 'Lay this on the table').press('Enter');
    await again.locator('#trade-theirs', { hasText: 'Bob gives a' }).waitFor();
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
    expect([...one.problems, ...two.problems]).toEqual([]);
  }, 240_000);
});
