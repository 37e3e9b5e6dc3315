import { behind } from '@lifeverse/node-kit/test-running-server';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFinds } from './test-axe.ts';
import {
  inWorld,
  lifeverse,
  meOf,
  nameSeenBy,
  newProfile,
  openProfile,
  type Profile,
  passingBanner,
  seenBy,
  sharedBrowser,
  smallPhone,
  startServer,
  stepIn,
  type TestServer,
  unreachable,
} from './test-town.ts';

let browser: Browser;
let town: TestServer;

beforeAll(async () => {
  [browser, town] = await Promise.all([sharedBrowser(), startServer('--residents', '40', '--area-m2', '9216')]);
});

afterAll(async () => {
  await town?.stop();
});

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Waits, frame by frame, until one has come so far; false when one does not come on for a dozen frames. */
async function comesAlong(page: Page, from: { x: number; y: number }, metres: number): Promise<boolean> {
  let last = from;
  for (let still = 0; still < 12; ) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const now = await meOf(page);
    if (distance(now, from) >= metres) return true;
    still = distance(now, last) < 0.001 ? still + 1 : 0;
    last = now;
  }
  return false;
}

/** A point of a page of 640 by 420 that is the world's: at its edges are things to press. */
function within(x: number, y: number): [number, number] {
  return [Math.min(560, Math.max(40, x)), Math.min(330, Math.max(60, y))];
}

/** Where one stands whose name this is; undefined while it is not shown. */
async function belowTag(tag: Locator): Promise<[number, number] | undefined> {
  const box = await tag.evaluateAll(([shown]) => shown?.getBoundingClientRect().toJSON() as DOMRect | undefined);
  return box && within(box.x + box.width / 2, box.y + box.height + 22);
}

/** A point of the page on the way to somebody, as far as the page shows. */
async function towards(page: Page, id: number): Promise<[number, number] | undefined> {
  const [me, other] = [await meOf(page), await seenBy(page, id)];
  if (other === undefined) return undefined;
  const metrePx = 150 / distance(me, other);
  return within(320 + (other.x - me.x) * metrePx, 210 - (other.y - me.y) * metrePx);
}

/** Goes some way by the arrow keys, whichever way is open; returns where that way began. */
async function goSomewhere(page: Page, metres: number): Promise<{ x: number; y: number }> {
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
    const from = await meOf(page);
    await page.keyboard.down(key);
    const came = await comesAlong(page, from, metres);
    await page.keyboard.up(key);
    // A step further than anyone comes: resolves once one has stopped.
    await comesAlong(page, await meOf(page), Number.POSITIVE_INFINITY);
    if (came) return from;
  }
  throw new Error('there is no way out of here');
}

describe('two players in town', () => {
  let both: readonly [Profile, Profile];
  let a: Page;
  let b: Page;
  beforeAll(async () => {
    both = await Promise.all([openProfile(browser), openProfile(browser)]);
    [a, b] = await Promise.all([both[0].open(town.url), both[1].open(town.url)]);
    await Promise.all([stepIn(a, 'Walker'), stepIn(b, 'Watcher')]);
  });
  afterAll(async () => {
    for (const { context } of both ?? []) await context.close();
  });

  it('one walks by key presses, the other sees it and where it ends; neither page has an error', async () => {
    const { id, name } = await meOf(a);
    expect(name).toBe('Walker');
    await expect.poll(() => seenBy(b, id)).toBeDefined();
    const from = await goSomewhere(a, 4);
    expect(distance(from, await meOf(a))).toBeGreaterThan(3.9);
    await expect
      .poll(async () => distance((await seenBy(b, id)) ?? { x: -99, y: -99 }, await meOf(a)), { timeout: 20_000 })
      .toBeLessThan(0.1);
    expect(both.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('what one says stands above the head for the other, as words and never as markup', async () => {
    const { id } = await meOf(a);
    await expect.poll(() => nameSeenBy(b, id)).toBe('Walker');
    const words = '<b>Good</b> morning & welcome';
    // Looked for from before it is said: it stands there for four seconds only, which a busy machine may sleep through.
    const shown = b.waitForFunction((said) => {
      const bubbles = [...document.querySelectorAll('.bubble:not([hidden]) span')];
      const bubble = bubbles.find(({ textContent }) => textContent === said);
      return bubble === undefined ? null : { elements: bubble.childElementCount };
    }, words);
    // Likewise: who lives here speaks as well, and what is told to screen readers makes room for it.
    const told = b.waitForFunction(
      (said) => document.querySelector('#said')?.textContent.includes(said),
      `Walker: ${words}`,
    );
    await a.keyboard.press('Enter');
    await a.keyboard.type(words);
    await a.keyboard.press('Enter');
    expect(await (await shown).jsonValue()).toEqual({ elements: 0 });
    await told;
    await a.locator('#speak').waitFor({ state: 'hidden' });
  });

  it('a click on a person waves at them, or leads to them first; they are told', async () => {
    // Away from where those of earlier tests may still stand: a click on one of them waves at that one.
    await goSomewhere(b, 3);
    const { id } = await meOf(b);
    const tag = a.locator('.tag:not([hidden]) span', { hasText: 'Watcher' });
    const told = b.locator('#said', { hasText: 'Walker waves at you' });
    await expect
      .poll(
        async () => {
          // Too far to be named, where the square is at its widest: that way first.
          const at = (await belowTag(tag)) ?? (await towards(a, id));
          if (at !== undefined) await a.mouse.click(...at);
          return told.count();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
  });
});

describe('the same avatar', () => {
  it('a reload comes back to it where it stood, without asking; a second tab is somebody else', async () => {
    const profile = await newProfile(browser);
    const page = await profile.open(town.url);
    await stepIn(page, 'Returner');
    await goSomewhere(page, 3);
    const before = await meOf(page);
    await page.reload();
    await inWorld(page);
    const after = await meOf(page);
    expect([after.id, after.name]).toEqual([before.id, 'Returner']);
    expect(distance(before, after)).toBeLessThan(0.5);
    const second = await profile.open(town.url);
    await stepIn(second, 'Second');
    expect((await meOf(second)).id).not.toBe(before.id);
    await expect.poll(() => seenBy(second, before.id)).toBeDefined();
    expect((await meOf(page)).id).toBe(before.id);
  });

  it('a lost connection is said calmly, and leads back to where one stood', async () => {
    const profile = await newProfile(browser);
    const page = await profile.open(town.url);
    await stepIn(page);
    const before = await meOf(page);
    await profile.context.setOffline(true);
    await page.evaluate(() =>
      (globalThis as unknown as { lifeverse: { client: { reconnect(): void } } }).lifeverse.client.reconnect(),
    );
    await page.locator('#banner', { hasText: 'The connection was lost. Coming back…' }).waitFor();
    expect((await meOf(page)).id).toBe(before.id);
    const back = passingBanner(page, 'You are back.');
    await profile.context.setOffline(false);
    await back;
    await inWorld(page);
    const after = await meOf(page);
    expect(after.id).toBe(before.id);
    expect(distance(before, after)).toBeLessThan(0.1);
  });
});

describe('a character whose save is refused', () => {
  it('is not played on: the player reads why, and is back where it was last saved once staff have seen to it', async () => {
    const { url, data } = town;
    const page = await (await newProfile(browser)).open(url);
    await stepIn(page, 'Unsaved');
    const saves = (sql: string) => behind(data, (database) => database.query<{ id: string }>(sql));
    const [row] = await saves(`SELECT id FROM characters WHERE name = 'Unsaved'`);
    const character = row?.id ?? '';
    await saves(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'no' USING ERRCODE = 'data_exception'; END $$`);
    await saves(`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON checkpoints FOR EACH ROW
      WHEN (NEW.character = '${character}') EXECUTE FUNCTION refuse()`);
    await page.keyboard.down('ArrowRight');
    await page.locator('#banner', { hasText: 'Your character could not be saved just now and is kept safe' }).waitFor();
    await page
      .locator('#said', { hasText: 'You will be back where it was last saved.' })
      .waitFor({ state: 'attached' });

    await page.keyboard.up('ArrowRight');
    await saves('DROP TRIGGER refuse ON checkpoints');
    const json = { 'content-type': 'application/json' };
    const made = await fetch(`${url}/api/players`, { method: 'POST', headers: json, body: '{}' });
    const { session, player } = (await made.json()) as { session: string; player: string };
    await lifeverse('role', 'grant', '--player', player, '--role', 'owner', '--data', data);
    const back = passingBanner(page, 'You are back.');
    const lifted = await fetch(`${url}/api/admin/characters/${character}/unfreeze`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${session}` },
      body: JSON.stringify({ reason: 'a test' }),
    });
    expect(lifted.status).toBeLessThan(300);
    await back;
    expect((await meOf(page)).name).toBe('Unsaved');
  });
});

describe('the page', () => {
  it('offers another name, and refuses none with words', async () => {
    const page = await (await newProfile(browser)).open(town.url);
    const field = page.locator('#join-name');
    await expect.poll(() => field.inputValue()).not.toBe('');
    const offered = await field.inputValue();
    await page.locator('#join-other').click();
    await expect.poll(() => field.inputValue()).not.toBe(offered);
    await field.fill('a\u202eb');
    await page.locator('#join-go').click();
    await expect.poll(() => page.locator('#join-problem').textContent()).toMatch(/name/);
    expect(await page.locator('#join-go').isEnabled()).toBe(true);
  });

  it('can be played by keyboard alone', async () => {
    const page = await (await newProfile(browser)).open(town.url);
    await stepIn(page);
    await page.keyboard.press('h');
    await page.locator('#help').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#help').waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await page.locator('#network dd').first().waitFor();
    expect(await page.locator('#network').textContent()).toMatch(/ping.*jitter.*view delay.*cells in view.*own error/);
    await page.keyboard.press('n');
    const told = passingBanner(page, 'near you');
    await page.keyboard.press('l');
    await told;
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('do-speak');
    await page.keyboard.press('Enter');
    await page.locator('#speak-text').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('speak-text');
    await page.keyboard.press('Escape');
    await page.locator('#speak').waitFor({ state: 'hidden' });
  });

  it('fits a small phone: everything within reach, large enough to touch, walked by a finger', async () => {
    const profile = await newProfile(browser, smallPhone);
    const page = await profile.open(town.url);
    await stepIn(page);
    expect([await unreachable(page, '#hud'), await axeFinds(page)]).toEqual([[], []]);
    const finger = await profile.context.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints });
    const drag = async (x: number, y: number): Promise<boolean> => {
      const from = await meOf(page);
      await touch('touchStart', { x: 180, y: 300 });
      await touch('touchMove', { x: (180 + x) / 2, y: (300 + y) / 2 });
      await touch('touchMove', { x, y });
      await page.locator('#stick').waitFor();
      const came = await comesAlong(page, from, 1);
      await touch('touchEnd');
      await page.locator('#stick').waitFor({ state: 'hidden' });
      return came;
    };
    expect((await drag(240, 300)) || (await drag(180, 360)) || (await drag(120, 300)) || (await drag(180, 240))).toBe(
      true,
    );
  });

  it('keeps still for who asked for less motion: the view goes along without easing, words come without a leap', async () => {
    const calm = await newProfile(browser, { reducedMotion: 'reduce' });
    const page = await calm.open(town.url);
    await stepIn(page, 'Calm');
    const tag = page.locator('.tag[data-who="me"]:not([hidden]) span');
    await tag.waitFor();
    // Where one's own name stands, in every frame from here on: with an easing camera it runs ahead and is caught up with.
    await page.evaluate(() => {
      const kept = globalThis as unknown as { places: Set<string> };
      kept.places = new Set();
      const note = (): void => {
        const own = document.querySelector<HTMLElement>('.tag[data-who="me"]:not([hidden])');
        if (own !== null) kept.places.add(own.style.transform);
        requestAnimationFrame(note);
      };
      note();
    });
    await goSomewhere(page, 3);
    const places = await page.evaluate(() => [...(globalThis as unknown as { places: Set<string> }).places]);
    const points = places.map((place) => (place.match(/-?\d+/g) ?? []).map(Number) as [number, number]);
    for (const axis of [0, 1] as const) {
      const along = points.map((point) => point[axis]);
      // One pixel either way is rounding.
      expect(Math.max(...along) - Math.min(...along)).toBeLessThanOrEqual(2);
    }
    const animation = page.waitForFunction(() => {
      const bubble = document.querySelector('.bubble[data-who="me"]:not([hidden]) span');
      return bubble === null ? null : getComputedStyle(bubble).animationName;
    });
    await page.keyboard.press('Enter');
    await page.keyboard.type('Softly');
    await page.keyboard.press('Enter');
    expect(await (await animation).jsonValue()).toBe('none');
  });

  it('says in a sentence that the server does not answer, and goes on when it does', async () => {
    const profile = await newProfile(browser);
    let asked = 0;
    await profile.context.route('**/api/world', (route) => {
      asked++;
      return route.abort();
    });
    const page = await profile.open(town.url);
    await page.locator('#banner', { hasText: 'The server cannot be reached at the moment.' }).waitFor();
    const before = asked;
    await page.locator('#banner button').click();
    await expect.poll(() => asked).toBeGreaterThan(before);
    await profile.context.unroute('**/api/world');
    // By itself, in a few seconds.
    await stepIn(page);
  });

  it('shows the open plain as well', async () => {
    const plain = await startServer('--world', 'open', '--area-m2', '10000');
    try {
      const profile = await newProfile(browser);
      const page = await profile.open(plain.url);
      await stepIn(page);
      await goSomewhere(page, 2);
      expect(await page.locator('#do-wave').isVisible()).toBe(false);
      expect(profile.problems).toEqual([]);
    } finally {
      await plain.stop();
    }
  });
});
