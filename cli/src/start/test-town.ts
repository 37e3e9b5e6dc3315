import type { Patience } from '@lifeverse/backend';
import { type Client, connect, type Waiting } from '@lifeverse/client';
import { Lifecycle, readOptions } from '@lifeverse/node-kit';
import { town } from '@lifeverse/town';
import { expect } from 'vitest';
import { startInOneThread } from './one-thread.ts';
import { startOptions } from './options.ts';
import { planServer } from './server-plan.ts';
import { served, worldOptions } from './worlds.ts';

export const world = town();

export type Player = Client<(typeof world)['definition']>;

/** A player of a test, and what they were told. */
export interface Guest {
  readonly player: Player;
  readonly session: () => string;
  readonly waits: Waiting[];
  readonly troubles: string[];
}

/** A whole server in this thread, over a real database; players come through real sockets. */
export class TestTown {
  readonly url: string;
  readonly #life: Lifecycle;
  readonly #players = new Set<Player>();

  private constructor(url: string, life: Lifecycle) {
    this.url = url;
    this.#life = life;
  }

  static async open(databaseUrl: string, patience: Partial<Patience> = {}): Promise<TestTown> {
    const life = new Lifecycle();
    const options = readOptions(startOptions, ['--port', '0', '--residents', '0', '--log-level', 'error'], {});
    const forRules = worldOptions(options);
    const rules = await served('town', forRules);
    const plan = planServer({ served: rules, options, forRules, assets: null, databaseUrl, data: null });
    const url = await startInOneThread({ ...plan, backend: { ...plan.backend, patience } }, rules, life);
    return new TestTown(url, life);
  }

  /** In town, with what everyone has to begin with. */
  async join(name: string, session?: string): Promise<Guest> {
    const guest = await this.come(name, session);
    await expect.poll(() => guest.player.purse + guest.player.items.length, { timeout: 20_000 }).toBeGreaterThan(0);
    return guest;
  }

  /** In town as soon as they are let in. */
  async come(name: string, session = '', waits: Waiting[] = []): Promise<Guest> {
    let token = session;
    const player = await connect(world, this.url, {
      name,
      ...(session === '' ? {} : { session }),
      onSession: (next) => {
        token = next;
      },
      onWaiting: (waiting) => waits.push(waiting),
    });
    this.#players.add(player);
    const troubles: string[] = [];
    player.on('trouble', ({ code }) => troubles.push(code));
    return { player, session: () => token, waits, troubles };
  }

  get(path: string, session: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${session}` } });
  }

  async close(): Promise<void> {
    for (const player of this.#players) player.close();
    await this.#life.stop();
  }
}

/** Where one is now, as drawn. */
export function at(player: Player): { x: number; y: number } {
  player.update();
  return { ...(player.me?.position ?? { x: 0, y: 0 }) };
}
