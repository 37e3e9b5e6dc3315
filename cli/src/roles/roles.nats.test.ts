import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, startEmbeddedServer } from '@lifeverse/node-kit';
import { TestNats } from '@lifeverse/node-kit/test-nats';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../bin/lifeverse.mjs', import.meta.url));
const SECRET = 'a secret of the cluster, of more than 32 bytes';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-roles-'));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/index.html'), '<title>a page</title>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** A role as a user, or Kubernetes, starts it. */
class Role {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  said = '';

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [command, ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (piece) => (this.said += piece));
    this.#closed = once(this.#child, 'close');
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  async says(what: string | RegExp): Promise<string> {
    await expect.poll(() => this.said, { timeout: 30_000 }).toMatch(what);
    return this.said;
  }

  async ended(): Promise<{ code: unknown; said: string }> {
    const [code] = await this.#closed;
    return { code, said: this.said };
  }

  stop(): Promise<{ code: unknown; said: string }> {
    this.#child.kill('SIGTERM');
    return this.ended();
  }
}

/** What it answers who looks after it. */
async function health(role: Role): Promise<{ status: number; waitsFor: string[] }> {
  const url = /"url":"([^"]+)","msg":"whether/.exec(await role.says('whether this role is ready'))?.[1];
  const answer = await fetch(`${url}/readyz`);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const { waitsFor = [] } = (await answer.json()) as { waitsFor?: { what: string }[] };
  return { status: answer.status, waitsFor: waitsFor.map(({ what }) => what) };
}

const times = (role: Role, words: string): number => role.said.split(words).length - 1;

it('each waits for what is not there yet, says so once, and is not ready; then all are, and have one time, until that is set', async () => {
  const server = await TestNats.start();
  await server.kill();
  const database = await startEmbeddedServer({ folder: join(folder, 'database') });
  onTestFinished(() => database.stop());
  const socket = join(folder, 'api.sock');
  const env = { LIFEVERSE_NATS: server.url, LIFEVERSE_CLUSTER_SECRET: SECRET, LIFEVERSE_HEALTH_PORT: '0' };
  const ofGateway = ['gateway', '--backend', socket, '--port', '0', '--page', join(folder, 'page')];
  const gateway = new Role(ofGateway, env);
  const zone = new Role(['zone', '--residents', '3'], {
    LIFEVERSE_NATS: server.url,
    LIFEVERSE_HEALTH_PORT: '0',
    DATABASE_URL: database.url,
  });
  await Promise.all([gateway, zone].map((role) => role.says('NATS is not there')));
  expect(await Promise.all([gateway, zone].map(health))).toEqual(
    [gateway, zone].map(() => ({ status: 503, waitsFor: ['nats', 'start'] })),
  );
  await server.again();
  await gateway.says('a backend is not there');
  await zone.says('its schema waits for a backend');
  expect(await health(gateway)).toEqual({ status: 503, waitsFor: ['backend', 'start'] });
  expect(await health(zone)).toEqual({ status: 503, waitsFor: ['database', 'start'] });
  expect([times(gateway, 'NATS is not there'), times(zone, 'NATS is not there')]).toEqual([1, 1]);
  expect([gateway, zone].map((role) => /open at|runs/.test(role.said))).toEqual([false, false]);
  const backend = new Role(['backend', '--api', socket], { ...env, DATABASE_URL: database.url });
  await backend.says(`The backend answers at ${socket}`);
  await zone.says(/The zone server \S+ runs\n/);
  const url = /open at (\S+)/.exec(await gateway.says(/open at http\S+\n/))?.[1] as string;
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
  for (const role of [gateway, zone, backend]) expect(await health(role)).toEqual({ status: 200, waitsFor: [] });
  expect((await fetch(`${url}/api/name`)).status).toBe(200);
  const uncertainS = async (role: string): Promise<number> => {
    const page = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^lifeverse_${role}_clock_uncertainty_seconds\\S* (\\S+)$`, 'm').exec(page)?.[1]);
  };
  for (const role of ['zone', 'backend', 'gateway'])
    await expect.poll(() => uncertainS(role), { timeout: 10_000 }).toBeLessThan(role === 'zone' ? 0.02 : 0.25);
  // Another one has nothing to do as long as the first is there, and all of it afterwards.
  const other = new Role(['zone', '--name', 'other'], { LIFEVERSE_NATS: server.url, DATABASE_URL: database.url });
  await other.says('The zone server other runs');
  const stray = new Role(['zone', '--cluster', 'other'], { LIFEVERSE_NATS: server.url, DATABASE_URL: database.url });
  const belongs =
    /^lifeverse: The database is that of the cluster "lifeverse" .* and this process is of "other": .*\n$/m;
  expect(await stray.ended()).toMatchObject({ code: 1, said: expect.stringMatching(belongs) });
  expect(await zone.stop()).toMatchObject({ code: 0 });
  await other.says('the zone runs here');
  expect(await other.stop()).toMatchObject({ code: 0 });
  await setClock(database.url, '1 hour');
  const set = expect.stringContaining("The database's clock was set forward by 3600.0 s, and with it the world's time");
  expect(await backend.ended()).toMatchObject({ code: 1, said: set });
  expect(await gateway.stop()).toMatchObject({ code: 0 });
});

/** To who follows it, the database's clock leaps by so much. */
async function setClock(url: string, by: string): Promise<void> {
  const database = openDatabase({ url, maxConnections: 1 });
  await database.query('UPDATE world_time SET origin = origin - $1::interval', [by]);
  await database.close();
}

it('each stops cleanly while it waits', async () => {
  const server = await TestNats.start();
  const env = { LIFEVERSE_NATS: server.url, LIFEVERSE_CLUSTER_SECRET: SECRET };
  const backend = new Role(['backend', '--api', 'http://127.0.0.1:0'], {
    ...env,
    DATABASE_URL: 'postgresql://ann:hush@127.0.0.1:1/x',
  });
  const said = await backend.says('the database is not there');
  expect(said).not.toContain('hush');
  expect(await backend.stop()).toMatchObject({ code: 0 });
  const waiting = new Role(['zone', '--nats', 'nats://127.0.0.1:1']);
  await waiting.says('NATS is not there');
  const gateway = new Role(['gateway', '--page', join(folder, 'page')], env);
  await gateway.says('a backend is not there');
  for (const role of [waiting, gateway]) expect(await role.stop()).toMatchObject({ code: 0 });
});

it('a role that NATS does not let in says so, and repeats no password', async () => {
  const server = await TestNats.start('authorization { user: zone, password: "hush" }');
  const at = server.url.replace('nats://', '');
  expect(await new Role(['zone', '--nats', `nats://zone:wrong-word@${at}`]).ended()).toEqual({
    code: 1,
    said: `lifeverse: NATS at ${server.url} does not let zone in.\n`,
  });
  writeFileSync(join(folder, 'password'), 'hush\n');
  const zone = new Role([
    'zone',
    '--data',
    '/nowhere',
    '--nats',
    server.url,
    '--nats-user',
    'zone',
    '--nats-password-file',
    join(folder, 'password'),
  ]);
  await zone.says('no database runs in /nowhere');
  await zone.stop();
});
