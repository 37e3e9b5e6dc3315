import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
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

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}

/** Pages of one browser profile; closed when the test ends. What goes wrong in a page is kept. */
export interface Profile {
  readonly context: BrowserContext;
  readonly problems: readonly string[];
  open(url: string): Promise<Page>;
}

export async function newProfile(browser: Browser, options: BrowserContextOptions = {}): Promise<Profile> {
  const context = await browser.newContext({ viewport: { width: 640, height: 420 }, ...options });
  onTestFinished(() => context.close());
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

/** Steps into the world with the name that is offered, or another one. */
export async function stepIn(page: Page, name?: string): Promise<void> {
  await page.locator('#join-form').waitFor();
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
