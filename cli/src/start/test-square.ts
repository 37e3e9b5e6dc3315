import { connect } from '@lifeverse/client';
import { choice, defineWorld, heading, plain, text, vec2, walker } from '@lifeverse/definition';
import { Lifecycle, readOptions } from '@lifeverse/node-kit';
import { type ServedWorld, serve } from '@lifeverse/world';
import { expect, onTestFinished } from 'vitest';
import { readProviders } from './oidc-providers.ts';
import { startInOneThread } from './one-thread.ts';
import { checkTogether, startOptions } from './options.ts';
import { planServer } from './server-plan.ts';

const LAMP_X_M = 90;

/** A square where people speak, and a lamp in another cell of it. */
const square = defineWorld({
  name: 'square',
  tickHz: 20,
  cellSizeM: 32,
  map: plain({ areaM2: 10_000 }),
  components: { position: vec2({ unit: 'm', precision: 0.001, tolerance: 0.05, predict: 'velocity' }) },
  commands: {
    walk: {
      input: { towards: heading(), pace: choice('stand', 'walk') },
      predict: walker({ tickHz: 20, radiusM: 0.3, paceMps: { stand: 0, walk: 2 } }),
    },
    say: { input: { text: text({ maxBytes: 100 }) }, speech: true },
  },
  events: { speech: { text: text({ maxBytes: 100 }) } },
});

const served = serve(square, {
  populate: ({ spawn }) => void spawn('lamp', { x: LAMP_X_M, y: 50 }),
  join: ({ self }) => self.teleport({ x: 50, y: 50 }),
  commands: { say: ({ self, input }) => self.emit('speech', { text: input.text }) },
});

/** All roles in this process, as `lifeverse start` puts them together, on a database with its schema. Returns the address. */
export async function startSquare(databaseUrl: string, ...argv: string[]): Promise<string> {
  const options = readOptions(startOptions, ['--port', '0', '--log-level', 'silent', ...argv], {});
  const life = new Lifecycle();
  onTestFinished(() => life.stop());
  const world = served as unknown as ServedWorld;
  checkTogether(options);
  const providers = options.oidcProviders === null ? [] : readProviders(options.oidcProviders, {});
  const plan = planServer({ served: world, options, forRules: {}, assets: null, databaseUrl, data: null, providers });
  return startInOneThread(plan, world, life);
}

export interface Person {
  readonly session: string;
  readonly player: string;
  readonly heard: string[];
  readonly refused: string[];
  /** Why connections ended, as far as they did. */
  readonly troubles: string[];
  state(): string;
  seesLamp(): boolean;
  say(text: string): void;
}

/** By nobody when the session is empty. */
export async function ask(url: string, method: string, path: string, session: string, body?: unknown) {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(session === '' ? {} : { authorization: `Bearer ${session}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = await answer.text();
  return { status: answer.status, body: said === '' ? null : JSON.parse(said) };
}

/** In the square, logged in by that session, or as a new guest. */
export async function enter(url: string, name: string, session?: string): Promise<Person> {
  let token = session ?? '';
  const client = await connect(square, url, {
    name,
    ...(session === undefined ? {} : { session }),
    onSession: (given) => {
      token = given;
    },
  });
  const frames = setInterval(() => client.update(), 25);
  onTestFinished(() => {
    clearInterval(frames);
    client.close();
  });
  const [heard, refused, troubles]: string[][] = [[], [], []];
  client.on('speech', ({ text: words }) => heard?.push(words));
  client.on('refused', ({ code }) => refused?.push(code));
  client.on('trouble', ({ code }) => troubles?.push(code));
  client.on('closed', ({ code }) => troubles?.push(code));
  await expect.poll(() => client.me, { timeout: 15_000 }).not.toBeNull();
  const { player } = (await ask(url, 'GET', '/api/sessions/current', token)).body;
  return {
    session: token,
    player,
    heard: heard as string[],
    refused: refused as string[],
    troubles: troubles as string[],
    state: () => client.state,
    seesLamp: () => [...client.others].some(({ position }) => Math.abs(position.x - LAMP_X_M) < 1),
    say: (words) => void client.send.say({ text: words }),
  };
}
