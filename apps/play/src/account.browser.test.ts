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

const password = 'a few quiet words';
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);
const problem = (page: Page, form: 'keep' | 'login', words: RegExp | string) =>
  page.locator(`#${form}-problem`, { hasText: words }).waitFor();

/** Writes both, by keyboard, from the first field on, and sends them. */
async function write(page: Page, email: string, secret: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
}

/** Everything that the browser keeps for this page. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));

describe('a character that is kept', () => {
  it('is kept on a desktop by keyboard alone, played on a phone as the same, and taken back; each is told', async () => {
    const [desktop, phone] = await Promise.all([newProfile(browser), newProfile(browser, smallPhone)]);
    const [a, b] = await Promise.all([desktop.open(town.url), phone.open(town.url)]);
    await stepIn(a, 'Walker');
    await a.keyboard.press('c');
    await expect.poll(() => focused(a)).toBe('keep-email');
    await write(a, 'walker@example.org', 'short');
    await problem(a, 'keep', 'Take ten characters or more');
    expect([await focused(a), await axeFinds(a)]).toEqual(['keep-password', []]);
    expect(await a.locator('#keep-password').getAttribute('aria-describedby')).toBe('keep-hint keep-problem');
    await a.keyboard.type(password);
    await a.keyboard.press('Enter');
    await a.locator('#account-state', { hasText: 'Walker is kept for you.' }).waitFor();
    expect([await focused(a), await axeFinds(a)]).toEqual(['account-kept', []]);
    await a.keyboard.press('Escape');
    expect(await focused(a)).toBe('world');
    await toMarket(a);
    await buySomething(a);
    const [had, stood] = [await hasOf(a), await meOf(a)];
    expect(had.purse).toBeLessThan(50);

    // A wrong password changes nothing, here or there.
    await b.locator('#join-before').tap();
    await expect.poll(() => focused(b)).toBe('login-email');
    await write(b, 'walker@example.org', 'not that password');
    await problem(b, 'login', 'do not belong together');
    expect([await axeFinds(b), await unreachable(b, '#login-form')]).toEqual([[], []]);
    expect(await kept(b)).not.toContain('lifeverse.session');
    expect(await hasOf(a)).toEqual(had);
    expect(phone.problems).toEqual([expect.stringContaining('401')]);

    await b.locator('#login-password').fill(password);
    await b.locator('#login-form .main').tap();
    await inWorld(b);
    const here = await meOf(b);
    expect([here.id, here.name]).toEqual([stood.id, 'Walker']);
    expect(Math.hypot(here.x - stood.x, here.y - stood.y)).toBeLessThan(0.1);
    await expect.poll(() => hasOf(b)).toEqual(had);
    await a.locator('#join-problem', { hasText: 'You are playing on another device now' }).waitFor();
    await a.keyboard.press('Enter');
    await inWorld(a);
    expect((await meOf(a)).id).toBe(stood.id);
    await expect.poll(() => hasOf(a)).toEqual(had);
    await b.locator('#join-problem', { hasText: 'You are playing on another device now' }).waitFor();

    // The desktop ends the phone's session, and its own.
    await a.keyboard.press('c');
    const device = a.locator('#account-devices button');
    expect(await device.getAttribute('aria-label')).toBe('Log out: Chrome on Linux, used just now');
    await device.press('Enter');
    await a.locator('#account-state', { hasText: 'Chrome on Linux is logged out.' }).waitFor();
    expect(await a.locator('#account-devices li').allInnerTexts()).toEqual(['Chrome on Linux\nThis one']);
    await b.reload();
    await b.locator('#join-problem', { hasText: 'You are not logged in here any more.' }).waitFor();
    expect(await kept(a)).toContain('lifeverse.session');
    await named(a, 'Log out here').press('Enter');
    await a.locator('#join-problem', { hasText: 'You are logged out here.' }).waitFor();
    for (const page of [a, b]) expect(await kept(page)).not.toMatch(/lifeverse\.session|quiet/);
    expect(desktop.problems).toEqual([expect.stringContaining('422')]);
  });
});

describe('who knocks too often', () => {
  it('reads how long to wait', async () => {
    const page = await (await newProfile(browser)).open(town.url);
    // Whether a thing is visible, a key does not ask.
    await page.locator('#join-form').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await page.locator('#join-before').press('Enter');
    await expect.poll(() => focused(page)).toBe('login-email');
    await write(page, 'locked@example.org', 'is it this one?');
    await problem(page, 'login', 'do not belong together');
    expect(await axeFinds(page)).toEqual([]);
    const button = page.locator('#login-form .main');
    const refused = page.locator('#login-problem', {
      hasText: /^Too many attempts did not succeed\. Try again in \d+ seconds?\.$/,
    });
    for (let attempt = 0; attempt < 6 && (await refused.count()) === 0; attempt++) {
      const answer = page.waitForResponse('**/api/sessions');
      await button.press('Enter');
      await answer;
      await expect.poll(() => button.isEnabled()).toBe(true);
    }
    expect([await refused.count(), await button.evaluate((it) => it === document.activeElement)]).toEqual([1, true]);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('join-before');
  });
});

describe('a guest on a small phone', () => {
  it('has all of it within reach, and nothing is found that keeps anyone out', async () => {
    const page = await (await newProfile(browser, smallPhone)).open(town.url);
    await expect.poll(() => page.locator('#join-name').inputValue()).not.toBe('');
    expect([await axeFinds(page), await unreachable(page, '#join')]).toEqual([[], []]);
    await stepIn(page);
    await page.locator('#do-account').tap();
    await page.locator('#keep-form').waitFor();
    expect([await axeFinds(page), await unreachable(page, '#account')]).toEqual([[], []]);
    await page.locator('#keep-form .main').tap();
    await problem(page, 'keep', 'Write your e-mail address.');
    expect([await focused(page), await axeFinds(page)]).toEqual(['keep-email', []]);
    await page.locator('#account-close').tap();
    expect(await focused(page)).toBe('world');
  });
});
