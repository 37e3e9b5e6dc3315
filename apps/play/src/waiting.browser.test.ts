import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds } from './test-axe.ts';
import {
  inWorld,
  lifeverse,
  meOf,
  newProfile,
  type Shown,
  sharedBrowser,
  smallPhone,
  startServer,
  stepIn,
  type TestServer,
} from './test-town.ts';

let browser: Browser;
let town: TestServer;
let setToggle: (toggle: string, value: number) => Promise<void>;

beforeAll(async () => {
  [browser, town] = await Promise.all([sharedBrowser(), startServer('--residents', '10', '--area-m2', '9216')]);
  setToggle = await owner(town);
});

afterAll(async () => {
  await town?.stop();
});

/** Somebody of the staff who may turn the world's toggles, made as the first owner of a world is. */
async function owner({ url, data }: TestServer): Promise<typeof setToggle> {
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${url}/api/players`, { method: 'POST', headers, body: '{}' });
  const { session, player } = (await made.json()) as { session: string; player: string };
  await lifeverse('role', 'grant', '--player', player, '--role', 'owner', '--data', data);
  return async (toggle, value) => {
    const answer = await fetch(`${url}/api/admin/toggles/${toggle}`, {
      method: 'PUT',
      headers: { ...headers, authorization: `Bearer ${session}` },
      body: JSON.stringify({
        definition: { variants: { now: value }, serve: 'now' },
        reason: 'a test of the waiting room',
      }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
  };
}

const place = (page: Page) => page.locator('#waiting .place strong');

async function leave(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { client } = (globalThis as unknown as Shown).lifeverse;
    (client as unknown as { close(): void }).close();
  });
  await page.close();
}

async function asksToComeIn(page: Page, name: string): Promise<void> {
  await page.locator('#join-form').waitFor();
  await page.locator('#join-name').fill(name);
  await page.locator('#join-name').press('Enter');
}

describe('a full world', () => {
  it('the second page waits, by keyboard alone and with its place kept over a reload; the first leaves, and it is in', async () => {
    await setToggle('worldCapacity', 1);
    const [one, two, three] = await Promise.all([newProfile(browser), newProfile(browser), newProfile(browser)]);
    const first = await one.open(town.url);
    await stepIn(first, 'First');
    const second = await two.open(town.url);
    await asksToComeIn(second, 'Second');
    await second.locator('#waiting').waitFor();
    expect(await place(second).textContent()).toBe('1');
    expect(await second.locator('#waiting .why').textContent()).toMatch(/taken/);
    expect(await second.locator('#waiting [role="status"]').textContent()).toMatch(/^You are next\./);
    expect(await second.title()).toBe('1 in line · LifeVerse');
    const third = await three.open(town.url);
    await asksToComeIn(third, 'Third');
    await third.locator('#waiting').waitFor();
    expect(await place(third).textContent()).toBe('2');

    await second.reload();
    await second.locator('#waiting').waitFor();
    expect(await place(second).textContent()).toBe('1');

    expect(await axeFinds(second)).toEqual([]);

    // Nothing of the page beneath can be reached; the one thing to press can.
    expect(await second.evaluate(() => document.activeElement?.id)).toBe('waiting-title');
    await second.keyboard.press('Tab');
    expect(await second.evaluate(() => document.activeElement?.className)).toBe('leave');

    await leave(first);
    await inWorld(second);
    await second.locator('#waiting').waitFor({ state: 'hidden' });
    expect((await meOf(second)).name).toBe('Second');
    expect(await second.evaluate(() => sessionStorage.getItem('lifeverse.place'))).toBeNull();
    await expect.poll(() => place(third).textContent(), { timeout: 20_000 }).toBe('1');

    await third.keyboard.press('Escape');
    await third.locator('#join-problem', { hasText: 'You left the line.' }).waitFor();
    expect(await third.locator('#waiting').isVisible()).toBe(false);
    expect([...two.problems, ...three.problems]).toEqual([]);
  });

  it('whoever loses the connection comes back past the line: the seat is theirs', async () => {
    await setToggle('worldCapacity', 1_000);
    const [one, two] = await Promise.all([newProfile(browser), newProfile(browser)]);
    const inside = await one.open(town.url);
    await stepIn(inside, 'Inside');
    await setToggle('worldCapacity', 1);
    const waiting = await two.open(town.url);
    await asksToComeIn(waiting, 'Waiting');
    await waiting.locator('#waiting').waitFor();
    const { id } = await meOf(inside);
    await inside.reload();
    await inWorld(inside);
    expect((await meOf(inside)).id).toBe(id);
    expect(await waiting.locator('#waiting').isVisible()).toBe(true);
    await setToggle('worldCapacity', 1_000);
    await inWorld(waiting);
  });

  it('a phone shows all of the room', async () => {
    await setToggle('worldCapacity', 0);
    const profile = await newProfile(browser, smallPhone);
    const page = await profile.open(town.url);
    await asksToComeIn(page, 'Phone');
    const button = page.locator('#waiting .leave');
    await button.waitFor();
    const box = await button.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect((box?.y ?? 0) + (box?.height ?? 999)).toBeLessThanOrEqual(640);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await axeFinds(page)).toEqual([]);
    await button.tap();
    await page.locator('#join-problem', { hasText: 'You left the line.' }).waitFor();
    await setToggle('worldCapacity', 1_000);
    await page.locator('#join-go').tap();
    await inWorld(page);
  });
});
