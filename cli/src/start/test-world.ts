import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, connect } from '@lifeverse/client';
import { open } from '@lifeverse/open';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
const AREA_M2 = 250_000;
export const world = open({ areaM2: AREA_M2 });

let folder = '';
/** For the data of one more world. */
export const dataFolder = (): string => mkdtempSync(join(folder, 'data-'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-kept-'));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/index.html'), '<title>a page</title>');
});
// The database of a server that was killed ends a moment later.
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** A server as a user starts it, on data of its own or of an earlier one. */
export class Server {
  readonly #child: ChildProcess;
  #out = '';

  constructor(data: string, ...args: string[]) {
    const given = ['--port', '0', '--page', join(folder, 'page'), '--log-level', 'error', '--data', data];
    const ofWorld = ['--world', 'open', '--area-m2', String(AREA_M2)];
    this.#child = spawn(process.execPath, [command, 'start', ...given, ...ofWorld, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (chunk) => (this.#out += chunk));
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  async url(): Promise<string> {
    const found = () => /open at (https?:\/\/\S+)\n/.exec(this.#out)?.[1];
    await expect.poll(found, { timeout: 30_000 }).toBeDefined();
    return found() as string;
  }

  async kill(): Promise<void> {
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
