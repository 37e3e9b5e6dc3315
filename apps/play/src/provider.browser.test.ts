import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT, startIssuer, type TestIssuer } from '@lifeverse/backend/test-issuer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds } from './test-axe.ts';
import { openDoor, type TestDoor } from './test-door.ts';
import {
  inWorld,
  meOf,
  named,
  newProfile,
  type Profile,
  sharedBrowser,
  smallPhone,
  startServer,
  stepIn,
  type TestServer,
  unreachable,
} from './test-town.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeverse-provider-'));
let browser: Browser;
let issuer: TestIssuer;
let door: TestDoor;
let town: TestServer;

beforeAll(async () => {
  [browser, issuer, door] = await Promise.all([sharedBrowser(), startIssuer(), openDoor()]);
  issuer.serve(`${door.url}/api/oidc/example/callback`);
  const [path, secret] = [join(folder, 'providers.json'), join(folder, 'secret')];
  const { clientId, clientSecret } = CLIENT;
  writeFileSync(secret, clientSecret);
  writeFileSync(path, JSON.stringify([{ name: 'example', issuer: issuer.url, clientId, clientSecretFile: secret }]));
  const small = ['--residents', '0', '--area-m2', '14400'];
  town = await startServer(...small, '--oidc-providers', path, '--public-url', door.url);
  door.leadTo(town.url);
});

afterAll(async () => {
  door?.close();
  issuer?.close();
  await town?.stop();
  rmSync(folder, { recursive: true });
});

/** A browser for which there is nothing outside this machine. */
async function profileHere(options?: Parameters<typeof newProfile>[1]): Promise<Profile> {
  const profile = await newProfile(browser, options);
  await profile.context.route(/fonts\.googleapis/, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  return profile;
}

/** On the provider's own pages: says who it is and agrees, and is sent back. */
async function confirm(page: Page, who: string): Promise<void> {
  await page.locator('[name=login]').fill(who);
  await page.locator('[name=password]').fill('any');
  await page.locator('[type=submit]').click();
  await page.locator('[type=submit]', { hasText: 'Continue' }).click();
  await inWorld(page);
}

const state = (page: Page, words: string) => page.locator('#account-state', { hasText: words }).waitFor();
const cookies = async ({ context }: Profile) =>
  (await context.cookies(door.url)).map(({ name }) => name).filter((name) => name.startsWith('lifeverse'));

describe('a provider', () => {
  it('keeps a guest’s character, brings it back on a phone, and gives way to a password', async () => {
    const [desktop, phone] = [await profileHere(), await profileHere(smallPhone)];
    const a = await desktop.open(door.url);
    await stepIn(a, 'Pip');
    const guest = await meOf(a);
    await a.keyboard.press('c');
    await named(a, 'Go on with Example').press('Enter');
    await confirm(a, 'pip');
    expect(await meOf(a)).toMatchObject({ id: guest.id, name: 'Pip' });
    // The cookie was for the way back alone: another tab is somebody else.
    await expect.poll(() => cookies(desktop)).toEqual([]);
    const other = await desktop.open(door.url);
    await stepIn(other, 'Somebody else');
    expect((await meOf(other)).id).not.toBe(guest.id);

    const b = await phone.open(door.url);
    await b.locator('#join-before').tap();
    await named(b, 'Go on with Example').tap();
    await confirm(b, 'pip');
    expect(await meOf(b)).toMatchObject({ id: guest.id, name: 'Pip' });
    await a.locator('#join-problem', { hasText: 'You are playing on another device now' }).waitFor();

    await b.locator('#do-account').tap();
    const ways = b.locator('#account-ways li');
    await expect.poll(() => ways.allInnerTexts()).toHaveLength(2);
    expect(await b.locator('#account-ways button').allInnerTexts()).toEqual(['Add']);
    await named(b, 'Add an e-mail address').tap();
    expect([await axeFinds(b), await unreachable(b, '#account')]).toEqual([[], []]);
    await b.locator('#keep-email').fill('pip@example.org');
    await b.locator('#keep-password').fill('a few quiet words');
    await b.locator('#keep-form .main').tap();
    await state(b, 'Pip is kept for you.');

    await named(b, 'Change the password').tap();
    expect(await b.evaluate(() => document.activeElement?.id)).toBe('change-password');
    await b.locator('#change-password').fill('not this one, no');
    await b.locator('#change-newPassword').fill('some louder words');
    await b.locator('#change-form .main').tap();
    await b.locator('#change-problem', { hasText: 'That is not your password.' }).waitFor();
    expect([await axeFinds(b), await unreachable(b, '#account')]).toEqual([[], []]);
    await b.locator('#change-password').fill('a few quiet words');
    await b.locator('#change-form .main').tap();
    await state(b, 'The password is changed.');
    // The desktop had come by the old ways.
    await a.reload();
    await a.locator('#join-problem', { hasText: 'You are not logged in here any more.' }).waitFor();

    await named(b, 'Give up Example').tap();
    await b.locator('#account-question', { hasText: 'Come back with Example no more?' }).waitFor();
    expect([await axeFinds(b), await unreachable(b, '#account')]).toEqual([[], []]);
    await named(b, 'Keep it').press('Enter');
    expect(await b.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Give up Example');
    await b.keyboard.press('Enter');
    await named(b, 'Give it up').press('Enter');
    await state(b, 'You come back with Example no more.');
    expect(await b.locator('#account-line').innerText()).toContain('anywhere with pip@example.org.');
    expect(await b.locator('#account-ways button').allInnerTexts()).toEqual(['Change']);
    expect(await meOf(b)).toMatchObject({ id: guest.id, name: 'Pip' });
  });

  it('that does not confirm leaves everybody who they were, and the player reads why', async () => {
    const page = await (await profileHere()).open(door.url);
    await page.locator('#join-before').click();
    await named(page, 'Go on with Example').click();
    await page.getByText('Cancel').click();
    await page.locator('#join-problem', { hasText: 'They did not confirm who you are.' }).waitFor();
    expect(page.url()).toBe(`${door.url}/`);
    await stepIn(page, 'Nobody else');
    expect((await meOf(page)).name).toBe('Nobody else');
  });
});
