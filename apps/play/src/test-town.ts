import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { seedData } from '@lifeverse/node-kit/test-data';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Any other command of `lifeverse`, to its end. */
export async function lifeverse(...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'cli/bin/lifeverse.mjs'), ...args]);
}

/** A server as a player meets it: started by its command, on a port of its own. */
export interface TestServer {
  readonly url: string;
  /** Where its world is kept. */
  readonly data: string;
  stop(): Promise<void>;
}

export async function startServer(...options: string[]): Promise<TestServer> {
  const data = mkdtempSync(join(tmpdir(), 'lifeverse-town-'));
  const fixed = ['--port', '0', '--log-level', 'warn', '--data', data];
  const args = [join(root, 'cli/bin/lifeverse.mjs'), 'start', ...fixed, ...options];
  await seedData(data);
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const url = /https?:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, data, stop: () => stop(child, data) };
  }
  throw new Error(`The server did not start: ${said.join('\n')}`);
}

async function stop(child: ChildProcess, data: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(data, { recursive: true, force: true });
}

let browser: Promise<Browser> | undefined;

/** One for all files of the run, each with profiles of its own: it ends with the process. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  return browser;
}

/**
 * The page as on a slow device: ten pictures a second instead of sixty, which would take a whole core where the browser has no
 * graphics card.
 */
function drawSeldom(): void {
  const draw = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => setTimeout(() => draw(callback), 85) as unknown as number;
}

/** Pages of one browser profile. What goes wrong in a page is kept. */
export interface Profile {
  readonly context: BrowserContext;
  readonly problems: readonly string[];
  open(url: string): Promise<Page>;
}

/** Closed when the test ends. */
export async function newProfile(browser: Browser, options: BrowserContextOptions = {}): Promise<Profile> {
  const profile = await openProfile(browser, options);
  onTestFinished(() => profile.context.close());
  return profile;
}

/** For whoever closes it. */
export async function openProfile(browser: Browser, options: BrowserContextOptions = {}): Promise<Profile> {
  const context = await browser.newContext({
    viewport: { width: 640, height: 420 },
    deviceScaleFactor: 0.5,
    ...options,
  });
  await context.addInitScript(drawSeldom);
  const problems: string[] = [];
  context.on('weberror', (error) => problems.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const open = async (url: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  return { context, problems, open };
}

interface Entity {
  readonly id: number;
  readonly name?: string;
  readonly position: { readonly x: number; readonly y: number };
}

/** The part of what the page shows of itself that tests look at. */
export interface Shown {
  readonly lifeverse: {
    readonly client: {
      readonly state: string;
      readonly me: Entity | null;
      entity(id: number): Entity | undefined;
      reconnect(): void;
    } | null;
    readonly stats: { readonly drawn: number; readonly frames: number };
  };
}

/** Waits to be asked in; in vain, it tells how far the page has come. */
async function invited(page: Page): Promise<void> {
  const asked = await page
    .locator('#join-form')
    .waitFor()
    .then(
      () => null,
      (error: Error) => error,
    );
  if (asked === null) return;
  const state = await page.evaluate(() => ({
    stage: document.body.dataset.stage,
    document: document.readyState,
    banner: document.getElementById('banner')?.textContent,
    canvas: document.querySelector('canvas')?.width,
    loaded: performance
      .getEntriesByType('resource')
      .map(({ name, startTime, duration }) => [name, startTime, duration]),
  }));
  throw new Error(`${asked.message}\nThe page: ${JSON.stringify(state)}`);
}

/** Steps into the world with the name that is offered, or another one. */
export async function stepIn(page: Page, name?: string): Promise<void> {
  await invited(page);
  if (name !== undefined) await page.locator('#join-name').fill(name);
  else await page.waitForFunction(() => (document.getElementById('join-name') as HTMLInputElement).value !== '');
  await page.locator('#join-name').press('Enter');
  await inWorld(page);
}

export async function inWorld(page: Page): Promise<void> {
  await page.locator('body[data-stage="playing"]').waitFor();
  await page.waitForFunction(() => {
    const { client } = (globalThis as unknown as Shown).lifeverse;
    return client?.state === 'playing' && client.me !== null;
  });
}

/**
 * Resolves once these words stand in the banner, looked for in every frame from the call on: some stand there for two
 * seconds only, which a test on a busy machine may sleep through.
 */
export async function passingBanner(page: Page, words: string): Promise<void> {
  await page.waitForFunction((wanted) => {
    const banner = document.querySelector<HTMLElement>('#banner');
    return banner !== null && !banner.hidden && banner.textContent.toLowerCase().includes(wanted);
  }, words.toLowerCase());
}

/** One's own avatar as the page has it. */
export function meOf(page: Page): Promise<{ id: number; name: string; x: number; y: number }> {
  return page.evaluate(() => {
    const me = (globalThis as unknown as Shown).lifeverse.client?.me;
    if (me === null || me === undefined) throw new Error('not in the world');
    return { id: me.id, name: me.name ?? '', ...{ x: me.position.x, y: me.position.y } };
  });
}

/** Where this page shows another; undefined while they are not in view. */
export function seenBy(page: Page, id: number): Promise<{ x: number; y: number } | undefined> {
  return page.evaluate((who) => {
    const other = (globalThis as unknown as Shown).lifeverse.client?.entity(who);
    return other === undefined ? undefined : { x: other.position.x, y: other.position.y };
  }, id);
}

/** What this page has as the name of another; undefined while they are not in view. */
export function nameSeenBy(page: Page, id: number): Promise<string | undefined> {
  return page.evaluate((who) => (globalThis as unknown as Shown).lifeverse.client?.entity(who)?.name, id);
}

/** The smallest phone that the page is made for. */
export const smallPhone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } as const;

/** A finger is no pointer: CSS pixels. */
const FINGER_PX = 44;

/**
 * What within `part` can be pressed or written into, and is too small for a finger or cannot be brought into view: a
 * line each. And whether the page is wider than its window.
 */
export async function unreachable(page: Page, part: string): Promise<string[]> {
  const found: string[] = [];
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  for (const one of await page.locator(`${part} :is(button, input):visible`).all()) {
    await one.scrollIntoViewIfNeeded();
    const [box, name] = [
      await one.boundingBox(),
      await one.evaluate((it) => it.getAttribute('aria-label') ?? (it.id || it.textContent)),
    ];
    // A box that one ticks is as large as its label, which ticks it too.
    const area = await one.evaluate((it) => {
      const { width: w, height: h } = (it.closest('label') ?? it).getBoundingClientRect();
      return { w, h };
    });
    if (area.w < FINGER_PX || area.h < FINGER_PX) found.push(`${name}: ${area.w} by ${area.h}`);
    if (box === null || box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
      found.push(`${name}: out of reach at ${JSON.stringify(box)}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) found.push(`the page is ${wide} wide`);
  return found;
}

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
export function hasOf(page: Page): Promise<{ purse: number; items: string[]; trading: boolean }> {
  return page.evaluate(() => {
    const client = (globalThis as unknown as Having).lifeverse.client;
    return {
      purse: client?.purse ?? -1,
      items: (client?.items ?? []).map(({ kind }) => kind).sort(),
      trading: client !== null && client.table !== null,
    };
  });
}

/** A button by the name that is read out. */
export const named = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Goes to the market by the panel's own button, to the end of the way: all then stand before the same stall. */
export async function toMarket(page: Page): Promise<void> {
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
export async function buySomething(page: Page): Promise<string> {
  const button = page.locator('#things-stall button').first();
  const name = (await button.getAttribute('aria-label')) ?? '';
  await button.press('Enter');
  await page.locator('#things-status', { hasText: 'You have bought' }).waitFor();
  return / an? (\w+) for/.exec(name)?.[1] ?? '';
}
