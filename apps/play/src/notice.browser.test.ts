import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFinds } from './test-axe.ts';
import { lifeverse, newProfile, sharedBrowser, startServer, stepIn, type TestServer } from './test-town.ts';

let browser: Browser;
let town: TestServer;

beforeAll(async () => {
  [browser, town] = await Promise.all([sharedBrowser(), startServer('--residents', '0', '--area-m2', '9216')]);
});

afterAll(async () => {
  await town?.stop();
});

it('what is on in town stands on the page while it is, as words and never as markup', async () => {
  const { url, data } = town;
  const json = { 'content-type': 'application/json' };
  const made = await fetch(`${url}/api/players`, { method: 'POST', headers: json, body: '{}' });
  const { session, player } = (await made.json()) as { session: string; player: string };
  await lifeverse('role', 'grant', '--player', player, '--role', 'owner', '--data', data);
  const post = async (path: string, body: object): Promise<{ version: number }> => {
    const headers = { ...json, authorization: `Bearer ${session}` };
    const sent = { method: 'POST', headers, body: JSON.stringify({ ...body, reason: 'a test' }) };
    const answer = await fetch(`${url}/api/admin/content/events/${path}`, sent);
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { version: number };
  };
  const always = { starts: '2020-01-01T00:00:00Z', ends: '2999-01-01T00:00:00Z' };
  const fair = { name: 'fair', ...always, announcement: '<b>The fair</b> is on in the square.' };
  const nothing = await post('versions', { body: [] });
  const staged = await post('versions', { body: [fair] });

  const profile = await newProfile(browser);
  const page = await profile.open(url);
  await stepIn(page);
  const notice = page.locator('#notice');
  expect(await notice.isVisible()).toBe(false);
  await post('enforce', { version: staged.version });
  await notice.waitFor();
  expect([await notice.textContent(), await notice.locator('b').count()]).toEqual([fair.announcement, 0]);
  expect(await axeFinds(page)).toEqual([]);
  await post('enforce', { version: nothing.version });
  await notice.waitFor({ state: 'hidden' });
  expect(profile.problems).toEqual([]);
});
