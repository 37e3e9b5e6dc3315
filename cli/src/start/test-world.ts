import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Client, connect } from '@lifeverse/client';
import { seedData } from '@lifeverse/node-kit/test-data';
import { open } from '@lifeverse/open';
import { afterAll, expect, onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
const AREA_M2 = 250_000;
export const world = open({ areaM2: AREA_M2 });

/** Where this file's worlds keep their data, gone when its tests are through: gives a folder for one more world. */
export function dataFolders(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'lifeverse-kept-'));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/index.html'), '<title>a page</title>');
  // The database of a server that was killed ends a moment later.
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return () => mkdtempSync(join(folder, 'data-'));
}

/** A server as a user starts it, on data of its own or of an earlier one; who starts it ends it. */
class Server {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #out = '';

  constructor(data: string, ...args: string[]) {
    const page = join(dirname(data), 'page');
    const given = ['--port', '0', '--page', page, '--log-level', 'error', '--data', data];
    const ofWorld = ['--world', 'open', '--area-m2', String(AREA_M2)];
    this.#child = spawn(process.execPath, [command, 'start', ...given, ...ofWorld, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (chunk) => (this.#out += chunk));
    this.#ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('the server ended')));
    this.#ended.catch(() => undefined);
  }

  /** As soon as it says where; rejects when it ends before. */
  async url(): Promise<string> {
    for (;;) {
      const found = /open at (https?:\/\/\S+)\n/.exec(this.#out)?.[1];
      if (found !== undefined) return found;
      await Promise.race([once(this.#child.stdout as Readable, 'data'), this.#ended]);
    }
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}

/** The servers that a world has, one after another: its next one is started when it is asked for. */
export class Lives {
  readonly #data: string;
  readonly #args: readonly string[];
  #server: Server | null = null;
  #seeded: Promise<void> | null;

  constructor(data: string, ...args: readonly string[]) {
    this.#data = data;
    this.#args = args;
    this.#seeded = args.includes('--database-url') ? Promise.resolve() : null;
    afterAll(() => this.kill());
  }

  async url(): Promise<string> {
    this.#seeded ??= seedData(this.#data);
    await this.#seeded;
    this.#server ??= new Server(this.#data, ...this.#args);
    return this.#server.url();
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
    this.#server = null;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }
}

export type Player = Client<(typeof world)['definition']>;

/** What happened to a player, to be told where a test fails. */
const stories = new WeakMap<Player, string[]>();

/** Who is in the world, and the token to come back with. */
export async function enter(
  url: string,
  session?: string,
): Promise<{ player: Player; session: string; ended: Promise<string> }> {
  let token = session ?? '';
  const player = await connect(world, url, {
    name: 'Ann',
    ...(session === undefined ? {} : { session }),
    onSession: (given) => {
      token = given;
    },
  });
  const story: string[] = [];
  stories.set(player, story);
  player.on('state', (state) => story.push(state));
  player.on('refused', ({ code, command: refused }) => story.push(`${refused}: ${code}`));
  player.on('trouble', ({ code }) => story.push(code));
  const frames = setInterval(() => player.update(), 25);
  onTestFinished(() => {
    clearInterval(frames);
    player.close();
  });
  const ended = new Promise<string>((resolve) => player.on('closed', ({ code }) => resolve(code)));
  await expect.poll(() => player.me, { timeout: 15_000 }).not.toBeNull();
  return { player, session: token, ended };
}

export const at = (player: Player): { x: number; y: number } => ({
  ...(player.me as NonNullable<Player['me']>).position,
});
export const metres = (a: { x: number; y: number }, b: { x: number; y: number }): number =>
  Math.hypot(a.x - b.x, a.y - b.y);

export async function walk(player: Player, towards: number, m: number): Promise<void> {
  const from = at(player);
  expect(player.send.walk({ towards, pace: 'run' }), stories.get(player)?.join()).toBe(true);
  const walked = (): number => metres(at(player), from);
  await expect
    .poll(walked, { timeout: 20_000, interval: 25 })
    .toBeGreaterThan(m)
    .catch((cause) => {
      throw new Error(`${walked()} m: ${stories.get(player)?.join()}; ${JSON.stringify(player.stats)}`, { cause });
    });
}

export interface Kept {
  readonly state: string;
  readonly frozen: boolean;
  readonly position: { readonly x: number; readonly y: number } | null;
}

/** What the server keeps of the player's character, as its API tells it. */
export async function kept(url: string, session: string): Promise<Kept> {
  const answer = await fetch(`${url}/api/characters`, { headers: { authorization: `Bearer ${session}` } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { characters: Kept[] }).characters[0] as Kept;
}

/** Until it is kept where it stands; returns where that is. */
export async function keptAt(
  url: string,
  session: string,
  place: () => { x: number; y: number },
): Promise<{ x: number; y: number }> {
  const away = async (): Promise<number> => metres((await kept(url, session)).position ?? { x: 0, y: 0 }, place());
  await expect.poll(away, { timeout: 20_000, interval: 100 }).toBeLessThan(0.05);
  return place();
}
