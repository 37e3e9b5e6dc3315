import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@lifeverse/node-kit/test-database';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const { url: databaseUrl } = await testDatabase();
/** Of what begins several servers one after another. */
const BOUND_MS = 180_000;
const command = fileURLToPath(new URL('../bin/lifeverse.mjs', import.meta.url));
let folder = '';
let page = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeverse-cli-'));
  page = join(folder, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<title>a page</title>');
});
// The database of a server that was killed ends a moment later.
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Run {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #finished: Promise<Finished>;

  constructor(args: readonly string[], env: Record<string, string> = {}, launcher: readonly string[] = [command]) {
    this.child = spawn(process.execPath, [...launcher, ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
    this.child.stdout?.on('data', (chunk) => (this.out += chunk));
    this.child.stderr?.on('data', (chunk) => (this.err += chunk));
    this.#finished = once(this.child, 'close').then(([code]) => ({ code, out: this.out, err: this.err }));
  }

  finished(): Promise<Finished> {
    return this.#finished;
  }

  /** The address it says it is open at. */
  async url(): Promise<string> {
    for (;;) {
      const found = /open at (https?:\/\/\S+)\n/.exec(this.out)?.[1];
      if (found !== undefined) return found;
      await Promise.race([once(this.child.stdout as NodeJS.ReadableStream, 'data'), this.#finished.then(failed)]);
    }
  }
}

function failed({ err }: Finished): never {
  throw new Error(`it ended: ${err}`);
}

const dataFolder = (): string => mkdtempSync(join(folder, 'data-'));
const given = (data: string): string[] => ['start', '--page', page, '--port', '0', '--data', data];
const status = (data: string) => new Run(['db', 'status', '--data', data]).finished();

describe('lifeverse', () => {
  it('tells its commands, its options and its version', async () => {
    const [help, startHelp, version] = await Promise.all(
      [['--help'], ['start', '--help'], ['--version']].map((args) => new Run(args).finished()),
    );
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('lifeverse load') });
    expect(startHelp).toMatchObject({ code: 0, out: expect.stringContaining('--tls-cert') });
    expect(version).toMatchObject({ code: 0, out: '0.1.0\n' });
  });

  it('says what was asked for wrongly in one sentence, with exit code 1', async () => {
    const err = 'lifeverse: "dance" is no command; "lifeverse --help" lists them.\n';
    expect(await new Run(['dance']).finished()).toEqual({ code: 1, out: '', err });
  });
});

/** A world that is open, as one meets it from outside. */
async function expectOpen(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  expect(await (await fetch(url)).text()).toContain('a page');
  const ticket = await fetch(`${url}/api/tickets`, {
    method: 'POST',
    body: '{"name":"Ann"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await ticket.json()).toMatchObject({ name: 'Ann' });
  expect((await (await fetch(`${url}/api/name`)).json()).name).toMatch(/^\w+ \w+$/);
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  await expect.poll(metrics, { timeout: 20_000 }).toMatch(/^lifeverse_zone_ticks_total\S* [1-9]/m);
  expect(await metrics()).toMatch(/^lifeverse_telemetry_unknown_total 0$/m);
}

const setUpAndOpen = expect.stringMatching(/^Setting up the database in \S+ \.\.\.\nThe world is open at \S+\n$/);

describe('lifeverse start', () => {
  it.each([
    ['the town', []],
    ['the town in threads', ['--threads']],
  ])(
    'opens %s, says where in one line, and stops cleanly; what it keeps is there at the next start',
    async (_, args) => {
      const data = dataFolder();
      const first = new Run([...given(data), ...args]);
      await expectOpen(await first.url());
      expect((await status(data)).out).toMatch(/^0001 {2}players {15}20\S+Z$/m);
      first.child.kill('SIGINT');
      expect(await first.finished()).toEqual({ code: 0, out: setUpAndOpen, err: '' });
      const second = new Run([...given(data), ...args]);
      await second.url();
      expect((await status(data)).out).toMatch(/^0001 {2}players {15}20\S+Z$/m);
      second.child.kill('SIGTERM');
      const out = expect.stringMatching(/^The world is open at \S+\n$/);
      expect(await second.finished()).toEqual({ code: 0, out, err: '' });
      expect((await status(data)).out).not.toContain('to be run');
    },
    BOUND_MS,
  );

  it('opens the plain under a storm, says where in one line, what clients need to have the same, and stops cleanly', async () => {
    const run = new Run([...given(dataFolder()), '--world', 'open', '--area-m2', '10000', '--storm']);
    const url = await run.url();
    await expectOpen(url);
    expect(await (await fetch(`${url}/api/world`)).json()).toMatchObject({
      name: 'open',
      options: { areaM2: 10_000 },
    });
    run.child.kill('SIGINT');
    expect(await run.finished()).toEqual({ code: 0, out: setUpAndOpen, err: '' });
  });

  it('opens the plain in threads, as the environment says, and stops cleanly', async () => {
    const run = new Run(['start', '--page', page], {
      LIFEVERSE_WORLD: 'open',
      LIFEVERSE_THREADS: 'true',
      LIFEVERSE_PORT: '0',
      LIFEVERSE_DATA: dataFolder(),
      LIFEVERSE_HOST: '::1',
      LIFEVERSE_RESIDENTS: '0',
    });
    const url = await run.url();
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await expectOpen(url);
    run.child.kill('SIGINT');
    expect(await run.finished()).toEqual({ code: 0, out: setUpAndOpen, err: '' });
  });
});

describe('what a world keeps', () => {
  it(
    'is of one server at a time, and outlives a server that was killed, and a database that was',
    async () => {
      const data = dataFolder();
      const first = new Run(given(data));
      const firstUrl = await first.url();
      const second = await new Run(given(data)).finished();
      expect(second).toMatchObject({ code: 1, out: '' });
      expect(second.err).toMatch(/^lifeverse: The data in \S+ is in use by another server .*--data\.\n$/);
      expect((await fetch(`${firstUrl}/healthz`)).status).toBe(200);
      first.child.kill('SIGKILL');
      await first.finished();
      const next = new Run([...given(data), '--log-level', 'info']);
      const url = await next.url();
      const pid = Number(readFileSync(join(data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => next.err, { timeout: 20_000 }).toContain('the database is back');
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      next.child.kill('SIGTERM');
      expect(await next.finished()).toMatchObject({ code: 0 });
    },
    BOUND_MS,
  );
});

describe('in a database of the operator', () => {
  const env = { DATABASE_URL: databaseUrl };

  it('what a world keeps can be asked for and brought forward', async () => {
    const before = await new Run(['db', 'status'], env).finished();
    expect(before).toMatchObject({ code: 0, out: expect.stringMatching(/^0001 {2}players {15}to be run\n/) });
    const migrated = await new Run(['db', 'migrate'], env).finished();
    expect(migrated).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^0001 {2}players\n(.*\n)*The schema is up to date now\.\n$/),
    });
    expect(await new Run(['db', 'migrate'], env).finished()).toMatchObject({ out: 'The schema is up to date.\n' });
    const world = new Run(['start', '--page', page, '--port', '0'], env);
    await world.url();
    world.child.kill('SIGTERM');
    const out = expect.stringMatching(/^The world is open at \S+\n$/);
    expect(await world.finished()).toEqual({ code: 0, out, err: '' });
  });

  it.each([[[]], [['--threads']]])('a world says that a port is taken, with %j', async (args) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => {
      taken.close();
    });
    const { port } = taken.address() as { port: number };
    const err = `lifeverse: Port ${port} of 127.0.0.1 is taken by another program; choose another with --port.\n`;
    const run = new Run(['start', '--page', page, '--port', String(port), ...args], env);
    expect(await run.finished()).toMatchObject({ code: 1, err });
  });
});

describe('on a Node that is too old', () => {
  const oldVersion = encodeURIComponent(
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } })',
  ).replaceAll("'", '%27');

  /** The launcher, in a repository of its own, told that it runs on Node 20. */
  function onOldNode(plant: (repo: string) => void): Run {
    const repo = mkdtempSync(join(folder, 'repo-'));
    cpSync(command, join(repo, 'cli/bin/lifeverse.mjs'));
    mkdirSync(join(repo, 'cli/src'), { recursive: true });
    const main = 'export const main = async (argv: string[]) => (console.log(process.versions.node, ...argv), 7);';
    writeFileSync(join(repo, 'cli/src/main.ts'), main);
    plant(repo);
    const told = ['--import', `data:text/javascript,${oldVersion}`];
    return new Run(['start', '--port', '1'], {}, [...told, join(repo, 'cli/bin/lifeverse.mjs')]);
  }
  const pinnedIn = (repo: string): string => join(repo, 'node_modules/node/bin/node');

  it('hands over to the pinned one, with all that was said and the exit code', async () => {
    const run = onOldNode((repo) => {
      mkdirSync(dirname(pinnedIn(repo)), { recursive: true });
      symlinkSync(process.execPath, pinnedIn(repo));
    });
    expect(await run.finished()).toEqual({ code: 7, out: `${process.versions.node} start --port 1\n`, err: '' });
  });

  it('passes a signal on', async () => {
    const run = onOldNode((repo) => {
      mkdirSync(dirname(pinnedIn(repo)), { recursive: true });
      symlinkSync(process.execPath, pinnedIn(repo));
      const main = `process.on('SIGTERM', () => process.exit(9)); console.log('open at http://here'); setInterval(() => {}, 1000);`;
      writeFileSync(join(repo, 'cli/src/main.ts'), `${main} export const main = () => new Promise(() => {});`);
    });
    await run.url();
    run.child.kill('SIGTERM');
    expect((await run.finished()).code).toBe(9);
  });

  it('says that nothing was installed', async () => {
    const { code, out, err } = await onOldNode(() => undefined).finished();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^lifeverse: LifeVerse needs Node 24 or newer and this is 20\.19\.0; run "npm ci" in \S+, which brings one\.\n$/,
    );
  });

  it('says that the install script of the pinned one did not run', async () => {
    const { code, out, err } = await onOldNode((repo) =>
      mkdirSync(join(repo, 'node_modules/node'), { recursive: true }),
    ).finished();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /is missing, because npm did not run its install script; run "npm rebuild node --ignore-scripts=false" in \S+\.\n$/,
    );
  });

  it('says that the pinned one is too old itself', async () => {
    const run = onOldNode((repo) => {
      mkdirSync(dirname(pinnedIn(repo)), { recursive: true });
      writeFileSync(
        pinnedIn(repo),
        `#!/bin/sh\nexec "${process.execPath}" --import 'data:text/javascript,${oldVersion}' "$@"\n`,
        { mode: 0o755 },
      );
    });
    expect(await run.finished()).toMatchObject({
      code: 1,
      err: expect.stringContaining('is older too; run "npm ci" in'),
    });
  });
});
