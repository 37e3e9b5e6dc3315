import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedServer } from '@lifeverse/node-kit';
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

const times = (role: Role, words: string): number => role.said.split(words).length - 1;

it('each waits for what is not there yet, says so once, and is not ready; then all are', async () => {
  const server = await TestNats.start();
  await server.kill();
  const database = await startEmbeddedServer({ folder: join(folder, 'database') });
  onTestFinished(() => database.stop());
  const socket = join(folder, 'api.sock');
  const env = { LIFEVERSE_NATS: server.url, LIFEVERSE_CLUSTER_SECRET: SECRET };
  const ofGateway = ['gateway', '--backend', socket, '--port', '0', '--page', join(folder, 'page')];
  const gateway = new Role(ofGateway, env);
  const zone = new Role(['zone', '--residents', '3'], {
    LIFEVERSE_NATS: server.url,
    DATABASE_URL: database.url,
  });
  await Promise.all([gateway, zone].map((role) => role.says('NATS is out of reach')));
  expect([gateway, zone].map((role) => role.said.includes('open at'))).toEqual([false, false]);
  await server.again();
  const url = /http:\S+/.exec(await gateway.says(/open at http\S+\n/))?.[0] as string;
  await zone.says('its schema waits for a backend');
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/api/name`)).status).toBe(503);
  expect([times(gateway, 'NATS is out of reach'), times(zone, 'NATS is out of reach')]).toEqual([1, 1]);
  const backend = new Role(['backend', '--api', socket], { ...env, DATABASE_URL: database.url });
  await backend.says(`The backend answers at ${socket}`);
  await zone.says('Zone 1 runs, owned by ');
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
  expect((await fetch(`${url}/api/name`)).status).toBe(200);
  const other = new Role(['zone', '--name', 'other'], { LIFEVERSE_NATS: server.url, DATABASE_URL: database.url });
  const refusal = /^lifeverse: Zone 1 is held by the server "\S+" until \S+, and it keeps renewing that: .*\n$/m;
  expect(await other.ended()).toMatchObject({ code: 1, said: expect.stringMatching(refusal) });
  for (const role of [gateway, zone, backend]) expect(await role.stop()).toMatchObject({ code: 0 });
});

it('a backend waits for its database, and stops cleanly while it waits', async () => {
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
  await waiting.says('NATS is out of reach');
  expect(await waiting.stop()).toMatchObject({ code: 0 });
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

it.each([
  [['gateway'], 'A role of a cluster needs --cluster-secret-file, with a secret of 32 bytes or more.'],
  [['backend', '--cluster-secret', 'short'], 'The secret of the cluster has fewer than 32 bytes.'],
  [['backend', '--cluster-secret-file', '/nowhere'], '--cluster-secret-file: /nowhere cannot be read (ENOENT).'],
  [
    ['zone', '--nats', 'http://x'],
    '--nats must be addresses such as nats://host:4222 or tls://host:4222, parted by commas.',
  ],
  [
    ['zone', '--nats', 'tls://10.0.0.1:4222'],
    '--nats: over TLS, NATS is named by the name in its certificate, not by an IP address.',
  ],
  [['zone', '--nats-user', 'ann'], '--nats-user needs --nats-password-file.'],
  [['zone', '--nats-cert', 'a.pem'], '--nats-cert and --nats-key belong together; one of them is missing.'],
  [
    ['gateway', '--backend', 'https://x'],
    '--backend must be an address such as http://127.0.0.1:8079, or the absolute path of a Unix socket, not "https://x".',
  ],
  [['gateway', '--name', 'The Gate'], '--name must be a name of small letters, digits and dashes, not "The Gate".'],
  [['zone', '--port', '1'], '--port is no option; --help lists them.'],
])('%j is one sentence and exit code 1', async (args, sentence) => {
  expect(await new Role(args).ended()).toEqual({ code: 1, said: `lifeverse: ${sentence}\n` });
});
